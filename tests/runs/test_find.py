"""From a few letters to a run, and whether it lives."""

import subprocess
import sys
import time

import pytest

from sdp.data.atomic import alone
from sdp.errors import InputError
from sdp.runs.find import QUIET_S, find_run, is_locked, standing_of
from sdp.runs.folder import Run


@pytest.fixture
def made(tmp_path):
    return [Run.create(tmp_path / "runs", "finetune", name, {"n": name}) for name in ("one", "other", "one", "longer")]


def test_by_folder_name_part_or_nothing(made, tmp_path):
    root = tmp_path / "runs"
    assert find_run("", root).path == made[3].path
    assert find_run("other", root).path == made[1].path
    assert find_run(made[0].path.name, root).path == made[0].path
    assert find_run(str(made[0].path), tmp_path / "elsewhere").path == made[0].path
    assert find_run(made[1].path.name[-8:], root).path == made[1].path


def test_of_several_of_one_name_the_newest(made, tmp_path):
    assert find_run("one", tmp_path / "runs").path == made[2].path


@pytest.mark.parametrize(("text", "said"), [("othr", "there is no run 'othr'"), ("20", "part of 4 names")])
def test_none_or_several_are_named(made, tmp_path, text, said):
    with pytest.raises(InputError, match=said) as caught:
        find_run(text, tmp_path / "runs")
    assert made[1].path.name in caught.value.hint


def test_a_place_without_runs_says_so(tmp_path):
    with pytest.raises(InputError, match="there are no runs"):
        find_run("", tmp_path)


def test_a_run_that_says_running_may_be_dead(made):
    run = made[0]
    run.event("train", step=1)
    later = time.time() + QUIET_S + 1
    assert standing_of(run) == "running"  # too young to ask
    assert standing_of(run, later) == "broken off"
    with alone(run.path):
        assert standing_of(run, later) == "running"
    run.mark("complete")
    assert standing_of(run, later) == "complete"


def test_the_lock_of_another_process_is_seen_and_left(made):
    """The other process lets go when its stdin is closed."""
    code = "import sys; from pathlib import Path; from sdp.data.atomic import alone\n"
    code += "with alone(Path(sys.argv[1])):\n    print('there', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(made[0].path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "there\n"
        assert is_locked(made[0].path)
        other.stdin.close()
        other.wait()
    assert not is_locked(made[0].path)
    with alone(made[0].path):
        pass
