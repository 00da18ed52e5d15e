"""A disk that is full while a checkpoint is written: said in words, the older one whole, and the run goes on."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.trainings import RESUME, begin, finished, made, process, same, there, undisturbed

from sdp.runs.checkpoints.folder import complete
from sdp.runs.checkpoints.verified import check
from sdp.runs.folder import Run

__all__ = ["begin", "made", "process", "undisturbed"]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("file", ["adapter_model.safetensors", "optimizer.pt"])
def test_files_that_become_too_large(process, begin, undisturbed, file):
    """Rust writes the first of them, C++ the second; each complains in its own way."""
    run, _ = undisturbed
    largest = (run.path / "checkpoints" / "step-000014" / file).stat().st_size - 1
    done = process.sdp(*begin, FSIZE=str(largest))
    assert done.code == 5, done.err
    what, where, hint = done.err.splitlines()
    assert what.startswith("sdp: error: cannot write checkpoint step-000003: ")
    assert where.startswith("  at: runs/")
    (left,) = there()
    assert hint == f"  try: free some space, then go on: sdp finetune --resume {left.name}"
    assert Run.open(left).record["status"] == "failed"
    assert list((left / "checkpoints").iterdir()) == [], "what does not fit does not lie there"
    finished(process, begin, run)


SCRIPT = """
mount -t tmpfs -o size=$1 full runs || exit 77
shift
"$@" && exit 66  # it fitted
echo $? > code
cp -r runs between
mount -o remount,size=64m runs || exit 77
$RESUME 2>> errors || exit 1
cp -r runs after
"""
"""Runs in a name space of its own, where everybody may mount; what is mounted goes away with it."""


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare of util-linux")
def test_a_small_disk(begin, undisturbed, monkeypatch):
    """There is room for two checkpoints and a half."""
    run, _ = undisturbed
    size = sum(file.stat().st_size for file in (run.path / "checkpoints" / "step-000014").iterdir())
    Path("runs").mkdir()
    sdp = [sys.executable, "-m", "sdp"]
    monkeypatch.setenv("RESUME", " ".join([*sdp, *RESUME]))
    command = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        SCRIPT,
        "sh",
        str(int(2.5 * size) + 60_000),
    ]
    keep = ("-o", "checkpoints.keep=all")
    done = subprocess.run([*command, *sdp, *begin, *keep], capture_output=True, text=True, check=False)
    if done.returncode in {1, 77} and "Operation not permitted" in done.stderr:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    assert Path("code").read_text().strip() == "5"
    what, _, hint = done.stderr.splitlines()
    assert what.startswith("sdp: error: cannot write checkpoint step-0000")
    assert "No space left on device" in what or " bytes are free there" in what
    (between,) = Path("between").iterdir()
    whole = complete(between / "checkpoints")
    assert whole, "the older ones are there"
    for path in whole.values():
        check(path)
    assert f"{list(whole.values())[-1].name} is whole" in hint
    (after,) = Path("after").iterdir()
    same(Run.open(after), run)
