"""A run in one file."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pyarrow as pa
import pytest
from tests.runs.checkpoints import made

from sdp.errors import InputError
from sdp.runs.checkpoints.pack import pack, unpack

ROOT = Path("runs")
FILE = Path("packed.tar.zst")


def test_there_and_back() -> None:
    run = made.make_run(ROOT, {10: 0.5, 20: 0.4}, "complete")
    before, after = pack(run.path, [10, 20], FILE)
    assert after == FILE.stat().st_size < before
    assert made.contents(unpack(FILE, Path("other"))) == made.contents(run.path)


def test_the_same_content_gives_the_same_bytes() -> None:
    run = made.make_run(ROOT, {10: 0.5})
    pack(run.path, [10], FILE)
    copy = Path("copy") / run.path.name
    shutil.copytree(run.path, copy)
    (copy / "run.json").touch()
    pack(copy, [10], Path("again.tar.zst"))
    assert Path("again.tar.zst").read_bytes() == FILE.read_bytes()


@pytest.mark.skipif(not shutil.which("zstd"), reason="needs zstd")
def test_other_tools_read_it() -> None:
    run = made.make_run(ROOT, {10: 0.5})
    pack(run.path, [10], FILE)
    raw = subprocess.run(["zstd", "-dc", str(FILE)], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        archive.extractall("out", filter="data")
    assert made.contents(Path("out") / run.path.name) == made.contents(run.path)


def test_it_joins_a_run_that_is_here() -> None:
    run = made.make_run(ROOT, {10: 0.5, 20: 0.4})
    pack(run.path, [20], FILE)
    before = made.contents(run.path)
    shutil.rmtree(run.path / "checkpoints" / "step-000020")
    unpack(FILE, ROOT)
    assert made.contents(run.path) == before


def test_damage_is_not_packed() -> None:
    run = made.make_run(ROOT, {10: 0.5})
    (run.path / "checkpoints" / "step-000010" / "optimizer.pt").write_bytes(b"x")
    with pytest.raises(InputError, match="is damaged"):
        pack(run.path, [10], FILE)
    assert not FILE.exists()


def rewritten(change) -> None:
    """Changes the members of the packed file: name → content."""
    with pa.CompressedInputStream(str(FILE), "zstd") as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive}
    members = change(members)
    with pa.CompressedOutputStream(str(FILE), "zstd") as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def only(members: dict[str, bytes], ending: str) -> str:
    return next(name for name in members if name.endswith(ending))


@pytest.mark.parametrize(
    "change",
    [
        lambda members: {**members, only(members, "optimizer.pt"): b"other"},
        lambda members: {**members, only(members, "adapter/sdp.json"): b"{}"},
        lambda members: {name: data for name, data in members.items() if not name.endswith("optimizer.pt")},
        lambda members: {name: data for name, data in members.items() if not name.endswith("run.json")},
        lambda members: {**members, "../evil": b""},
        lambda members: {**members, "/evil": b""},
        lambda members: {**members, "x/../../evil": b""},
        lambda members: {**members, "x/a/b/c/d/e/f": b""},
    ],
)
def test_what_is_not_as_it_was_packed_is_refused(change) -> None:
    run = made.make_run(ROOT, {10: 0.5}, "complete")
    pack(run.path, [10], FILE)
    rewritten(change)
    with pytest.raises(InputError):
        unpack(FILE, Path("other"))
    assert list(Path("other").glob("*")) == []
    assert not Path("evil").exists()


@pytest.mark.parametrize("damage", [lambda raw: raw[:-30], lambda raw: b"hello", lambda raw: b""])
def test_what_is_no_packed_run(damage) -> None:
    run = made.make_run(ROOT, {10: 0.5})
    pack(run.path, [10], FILE)
    FILE.write_bytes(damage(FILE.read_bytes()))
    with pytest.raises(InputError):
        unpack(FILE, Path("other"))
    with pytest.raises(InputError, match="cannot read"):
        unpack(Path("nothing.tar.zst"), Path("other"))
