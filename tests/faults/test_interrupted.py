"""Ctrl-C and SIGTERM while workers work: a prompt end without a traceback, nothing left running, and it goes on."""

import random
import signal
from pathlib import Path

import pytest
from tests.faults.conftest import MADE
from tests.faults.processes import contents, run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("picky")]


@pytest.mark.parametrize(
    ("moment", "whom", "number", "code"),
    [(1, "driver", signal.SIGTERM, 143), (13, "group", signal.SIGINT, 130), (40, "driver", signal.SIGINT, 130)],
)
def test_workers(undisturbed, moment, whom, number, code):
    """A cluster ends the process that it started; a terminal sends Ctrl-C to everybody."""
    done = run(*MADE, "--workers", "2", FATE=f"worker:{moment}:0:{whom}:{number:d}")
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr == ("sdp: interrupted\n" if code == 130 else "")
    made = len(list(Path("data/.spelling.unfinished").glob("*.parquet")))
    assert made < len(undisturbed.files) / 2, "it did not finish its work first"
    assert not Path("data/spelling").exists()
    assert run(*MADE).returncode == 0
    assert contents(Path("data")) == undisturbed.files


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_without_workers(undisturbed, number, code):
    moment = random.Random(code).randint(1, undisturbed.n_touches - 10)
    done = run(*MADE, FATE=f"driver:{moment}:0:driver:{number:d}")
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
    assert not list(Path("data").rglob("*.tmp")), "what was half-written is gone"
    assert run(*MADE).returncode == 0
    assert contents(Path("data")) == undisturbed.files
