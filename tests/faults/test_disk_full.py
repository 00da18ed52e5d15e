"""A disk that takes no more: said with what to do, and the same command goes on when there is space."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.conftest import MADE
from tests.faults.processes import SMALL, contents, run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("picky")]


def refused(done, reason):
    """Exit code 5, in three lines."""
    assert done.returncode == 5, done.stderr
    what, where, hint = done.stderr.splitlines()
    assert what.startswith("sdp: error: cannot write to '")
    assert what.endswith(reason)
    assert where.startswith("  at: ")
    assert hint == "  try: free some space or choose another disk with --out; the same command then goes on"


@pytest.mark.parametrize(
    ("first", "workers"), [("request", "1"), ("shard", "1"), ("shard", "2"), ("distributions.svg", "1")]
)
def test_files_that_become_too_large(undisturbed, first, workers):
    """The first that does not fit is at the very beginning, in the middle, or when all rows are made."""
    smaller = {"request": 100, "shard": 5_000}
    largest = smaller.get(first) or undisturbed.sizes[f"spelling/{first}"] - 1
    refused(run(*MADE, "--workers", workers, FSIZE=str(largest)), "File too large")
    assert not Path("data/spelling").exists()
    if workers == "1":  # others are ended where they stand; the next run clears up after them
        assert not list(Path("data").rglob("*.tmp")), "what does not fit does not lie there"
    done = run(*MADE)
    assert done.returncode == 0, done.stderr
    assert contents(Path("data")) == undisturbed.files


SCRIPT = """
mount -t tmpfs -o size=$1 full data || exit 77
shift
"$@" && exit 66  # it fitted
echo $? > code
mount -o remount,size=64m data || exit 77
"$@" 2>> errors || exit 1
cp -r data copy
"""
"""Runs in a name space of its own, where everybody may mount; what is mounted goes away with it."""


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare of util-linux")
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_small_disk(undisturbed, share):
    Path("data").mkdir()
    size = int(share * sum(undisturbed.sizes.values()))
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", SCRIPT, "sh", str(size)]
    done = subprocess.run([*command, sys.executable, *SMALL, *MADE], capture_output=True, text=True, check=False)
    if done.returncode in {1, 77} and "Operation not permitted" in done.stderr:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    refused(subprocess.CompletedProcess([], int(Path("code").read_text()), "", done.stderr), "No space left on device")
    assert contents(Path("copy")) == undisturbed.files
