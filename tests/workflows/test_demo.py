"""`sdp demo` as a process, at toy size: data, two arms, benchmark, report."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ARMS = {"spelling", "spelling-replay"}


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sdp", "demo", "--toy", "--json"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


@pytest.mark.slow
def test_toy_demo_goes_through_the_whole_loop(tmp_path):
    done = demo(tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)

    compared = {(row["label"], row["against"], row["task"]) for row in result["bench"]["result"]["comparisons"]}
    assert compared == {(arm, "baseline", task) for arm in ARMS for task in ("spelling", "position", "count")}
    assert ["replay" in arm["sources"] for arm in result["arms"]] == [False, True]
    assert [arm["n_dropped"] > 0 for arm in result["arms"]] == [False, True]
    assert (tmp_path / result["report"]).read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    for made in result["data"]:
        assert (tmp_path / made["folder"] / "manifest.json").is_file()


@pytest.mark.slow
def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "demo").write_text("")
    done = demo(tmp_path)
    assert done.returncode == 3
    assert "is no folder" in done.stderr
