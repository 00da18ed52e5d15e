"""Shards that are not what was written: made again in an unfinished data set, named in a finished one."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from tests.faults.conftest import MADE
from tests.faults.processes import contents, run, sdp

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("picky")]
UNFINISHED = Path("data/.spelling.unfinished")


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def swap(path):
    """With its neighbour of another number: both are whole, and in the wrong place."""
    other = path.with_name(path.name.replace("-00001-", "-00002-"))
    here, there = path.read_bytes(), other.read_bytes()
    path.write_bytes(there)
    other.write_bytes(here)


def broken_off(folder, made, share):
    """A data set that a kill broke off when a part of it was made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run(*MADE, FATE=f"driver:{int(made.n_touches * share)}:0:self:{signal.SIGKILL:d}")
    return folder / "data"


@pytest.fixture(scope="module")
def begun(plain, tmp_path_factory):
    """In the middle, by a process without the plugin."""
    return broken_off(tmp_path_factory.mktemp("begun"), plain, 0.5)


@pytest.fixture(scope="module")
def all_made(plugin, undisturbed, tmp_path_factory):
    """When it had just replaced the last rejected row."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(plugin), prepend=os.pathsep)
        return broken_off(tmp_path_factory.mktemp("all_made"), undisturbed, 0.8)


@pytest.mark.parametrize("damage", [cut, flip, swap, Path.unlink])
def test_a_shard_of_an_unfinished_data_set_is_made_again(plain, begun, damage, monkeypatch):
    monkeypatch.delenv("PYTHONPATH")
    shutil.copytree(begun, "data")
    whole = contents(UNFINISHED)
    damage(UNFINISHED / "train-00001-of-00008.parquet")
    marked = {path.stem for path in UNFINISHED.glob("parts/*.json")}
    whole = [name for name, digest in contents(UNFINISHED).items() if name in marked and whole[name] == digest]
    written = {path.name: path.stat().st_mtime_ns for path in UNFINISHED.iterdir()}
    assert run(*MADE).returncode == 0
    assert contents(Path("data")) == plain.files
    assert len(whole) > 3
    for name in whole:
        assert Path("data/spelling", name).stat().st_mtime_ns == written[name], "this one was whole"


@pytest.mark.parametrize(
    ("what", "damage"),
    [("json", cut), ("json", flip), ("tally.arrow", flip), ("rejects.parquet", flip), ("rejects.parquet", Path.unlink)],
)
def test_what_is_noted_of_a_shard_is_not_believed_when_it_is_damaged(undisturbed, all_made, what, damage):
    shutil.copytree(all_made, "data")
    damaged = sorted(UNFINISHED.glob(f"parts/*.{what}"))
    assert len(damaged) > 3
    for path in damaged:
        damage(path)
    done = run(*MADE)
    assert done.returncode == 0, done.stderr
    assert contents(Path("data")) == undisturbed.files


@pytest.mark.parametrize("text", ["", "[1]", '{"fingerprint": 1}'])
def test_shards_whose_request_is_damaged_are_trusted_by_nobody(undisturbed, begun, text):
    shutil.copytree(begun, "data")
    (UNFINISHED / "request.json").write_text(text)
    done = run(*MADE)
    assert done.returncode == 0, done.stderr
    assert contents(Path("data")) == undisturbed.files


def test_what_killed_processes_had_half_written_goes_before_anything_is_written(begun, monkeypatch):
    """A disk that was full has to have space again."""
    monkeypatch.delenv("PYTHONPATH")
    shutil.copytree(begun, "data")
    for folder in (UNFINISHED, UNFINISHED / "parts"):
        (folder / ".train-00009-of-00008.parquet.1.tmp").write_bytes(b"PAR1")
    done = run(*MADE, FATE=f"driver:30:0:self:{signal.SIGKILL:d}")
    assert done.returncode == -signal.SIGKILL, "in the middle"
    assert not list(Path("data").rglob("*.1.tmp"))


@pytest.fixture(scope="module")
def finished(plugin, tmp_path_factory):
    """A finished data set."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(plugin), prepend=os.pathsep)
        patch.chdir(folder)
        assert run(*MADE).returncode == 0
    return folder / "data"


@pytest.mark.parametrize("damage", [cut, flip])
def test_a_shard_of_a_finished_data_set_is_named_by_every_command(finished, damage):
    shutil.copytree(finished, "data")
    shard = Path("data/spelling/train-00001-of-00008.parquet")
    damage(shard)
    before = contents(Path("data"))
    for code, done in [
        (3, run(*MADE)),
        (3, sdp("validate", "data/spelling", "-q")),
        (1, sdp("verify", "data/spelling", "-q")),
        (3, sdp("export", "spelling", "-q")),
    ]:
        assert done.returncode == code, (done.args, done.stderr)
        assert f"shard '{shard.name}' " in done.stderr + done.stdout
        assert "Traceback" not in done.stderr
    assert contents(Path("data")) == before, "nobody repairs in silence"


def test_the_way_out_that_is_named_is_one(undisturbed, finished):
    shutil.copytree(finished, "data")
    flip(Path("data/spelling/test-00000-of-00001.parquet"))
    assert "make the data set again with --overwrite" in run(*MADE).stderr
    assert run(*MADE, "--overwrite").returncode == 0
    assert contents(Path("data")) == undisturbed.files
