"""The checkpoint to go on from is whole, byte by byte."""

import shutil
from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.errors import InputError
from sdp.runs.checkpoints.record import NAME
from sdp.runs.checkpoints.verified import check, newest_whole

WEIGHTS = "adapter_model.safetensors"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))


DAMAGE = {"is missing": Path.unlink, "bytes instead of": cut, "was changed": flip}


@pytest.mark.parametrize("said", DAMAGE)
@pytest.mark.parametrize("file", [WEIGHTS, "optimizer.pt"])
def test_damage_is_named(tmp_path: Path, said: str, file: str) -> None:
    path = made.publish(tmp_path, 20)
    assert check(path).step == 20
    DAMAGE[said](path / file)
    with pytest.raises(InputError, match=f"step-000020 is damaged: '{file}' .*{said}"):
        check(path)


def test_the_newest_that_is_whole_is_taken(tmp_path: Path) -> None:
    assert newest_whole(tmp_path, print) is None, "a run that broke off before its first begins anew"
    paths = {step: made.publish(tmp_path, step) for step in (10, 20, 30)}
    notes: list[str] = []
    assert newest_whole(tmp_path, notes.append) == paths[30]
    flip(paths[30] / WEIGHTS)
    (paths[20] / NAME).write_text("{")
    assert newest_whole(tmp_path, notes.append) == paths[10]
    assert [note.partition(":")[0] for note in notes] == ["passed over"] * 2
    assert "step-000030 is damaged" in notes[0]


def test_work_is_not_thrown_away_unasked(tmp_path: Path) -> None:
    path = made.publish(tmp_path, 10)
    flip(path / WEIGHTS)
    with pytest.raises(InputError, match=r"none of the run's checkpoints can be used, such as step-000010"):
        newest_whole(tmp_path, lambda _: None)
    shutil.rmtree(path)
    (tmp_path / "step-000007").mkdir()
    with pytest.raises(InputError, match="such as step-000007") as caught:
        newest_whole(tmp_path, lambda _: None)
    assert "of an older sdp" in str(caught.value.hint)
