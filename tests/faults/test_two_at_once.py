"""Two commands, one folder: one is refused, the other finishes right, whenever the second one comes."""

import os
import shutil
import signal
import time
from pathlib import Path

import psutil
import pytest
from tests.faults.conftest import MADE
from tests.faults.processes import contents, ended, run, start

pytestmark = pytest.mark.slow
BEFORE_ITS_LOCK, AT_ITS_LOCK = 1, 5
"""Moments of a command that finds no folder `data`: it makes folders, opens the lock, takes it."""


def held(moment, *options):
    """Starts a command and stops it (as Ctrl-Z does) at a moment."""
    Path("sent").unlink(missing_ok=True)
    process = start(*MADE, *options, FATE=f"driver:{moment}:0:self:{signal.SIGSTOP:d}")
    while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    return process


def let_go(process):
    os.kill(process.pid, signal.SIGCONT)
    return ended(process)


def refused(done):
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("options", [(), ("--seed", "1"), ("--overwrite",)])
def test_the_second_one_is_refused_while_the_first_one_works(plain, options):
    first = held(60)
    assert "another process works on '.spelling.unfinished'" in refused(run(*MADE, *options))
    assert let_go(first).returncode == 0
    assert contents(Path("data")) == plain.files


@pytest.mark.parametrize("moment", [BEFORE_ITS_LOCK, AT_ITS_LOCK])
@pytest.mark.parametrize("options", [(), ("--seed", "1")])
def test_what_was_finished_while_the_second_one_began_is_not_replaced(plain, moment, options):
    second = held(moment, *options)
    assert run(*MADE).returncode == 0
    said = refused(let_go(second))
    assert "another process finished 'data/spelling' in the meantime" in said or "another process works on" in said
    assert contents(Path("data")) == plain.files


def test_a_lock_that_went_away_with_its_folder_locks_nothing(plain):
    """The first one ends between the second one's opening the lock and taking it; a third one has begun by then."""
    first = held(60)
    second = held(3, "--overwrite")
    assert let_go(first).returncode == 0
    third = held(60, "--overwrite")
    assert "another process works on" in refused(let_go(second))
    assert let_go(third).returncode == 0
    assert contents(Path("data")) == plain.files


def test_both_at_the_same_moment(plain):
    for _ in range(2):
        both = [start(*MADE), start(*MADE)]
        codes = sorted(ended(one).returncode for one in both)
        assert codes in ([0, 3], [0, 0]), "the second one may come late enough to find it finished"
        assert contents(Path("data")) == plain.files
        shutil.rmtree("data")
