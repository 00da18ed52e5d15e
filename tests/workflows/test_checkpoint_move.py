"""Packed, pushed, pulled: what is named is what comes."""

from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.errors import InputError
from sdp.workflows.checkpoint_list import ListRequest, list_checkpoints
from sdp.workflows.checkpoint_move import pack_checkpoints, pull_checkpoints, push_checkpoints

ROOT = Path("runs")
LOSSES = {10: 0.5, 20: 0.2, 30: 0.4}


@pytest.mark.parametrize(
    ("name", "steps"), [(None, [10, 20, 30]), ("RUN", [10, 20, 30]), (":best", [20]), ("RUN:30", [30])]
)
def test_what_is_packed_is_unpacked(name: str | None, steps: list[int]) -> None:
    run = made.make_run(ROOT, LOSSES)
    packed = pack_checkpoints(name and name.replace("RUN", run.path.name), None, ROOT)
    assert packed.steps == steps
    assert packed.n_bytes == packed.file.stat().st_size
    assert packed.file.name.startswith(run.path.name)
    assert pull_checkpoints(str(packed.file), Path("other")).steps == steps


def test_a_file_may_be_named_or_a_folder() -> None:
    made.make_run(ROOT, LOSSES)
    Path("backup").mkdir()
    assert pack_checkpoints(None, Path("backup"), ROOT).file.parent == Path("backup")
    assert pack_checkpoints(None, Path("a.tar.zst"), ROOT).file == Path("a.tar.zst")


@pytest.mark.parametrize(("which", "steps"), [("", [10, 20, 30]), (":best", [20]), (":last", [30]), (":10", [10])])
def test_what_is_pushed_is_pulled(which: str, steps: list[int]) -> None:
    run = made.make_run(ROOT, LOSSES)
    pushed = push_checkpoints(None, "there", ROOT)
    assert (pushed.steps, pushed.url) == ([10, 20, 30], f"there/{run.path.name}")
    pulled = pull_checkpoints(f"there/{run.path.name}{which}", Path("other"))
    assert (pulled.steps, pulled.status) == (steps, "interrupted")
    assert list_checkpoints(ListRequest(f"{Path.cwd()}/{pulled.run}")).best in {20, *steps}


def test_what_is_not_there() -> None:
    made.make_run(ROOT, LOSSES)
    push_checkpoints(":10", "there", ROOT)
    with pytest.raises(InputError, match="there is no checkpoint '20'"):
        pull_checkpoints("there:20", Path("other"))
    empty = made.make_run(Path("empty"), {})
    with pytest.raises(InputError, match="has no checkpoint"):
        push_checkpoints(str(empty.path), "there", ROOT)


def test_a_list_says_what_cannot_be_used(tmp_path: Path) -> None:
    run = made.make_run(ROOT, LOSSES)
    (run.path / "checkpoints" / "step-000010" / "checkpoint.json").unlink()
    (run.path / "checkpoints" / "step-000020" / "checkpoint.json").write_text("{")
    listed = list_checkpoints(ListRequest())
    assert [one.step for one in listed.checkpoints] == [30]
    assert set(listed.unusable) == {"step-000010", "step-000020"}
    url = f"memory://{tmp_path.name}"
    push_checkpoints(":30", url, ROOT)
    assert [one.step for one in list_checkpoints(ListRequest(url)).checkpoints] == [30]
