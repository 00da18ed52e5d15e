"""`kill -9` at random moments of a run: the same command makes the same bytes of what is left."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import psutil
import pytest
from tests.faults.conftest import MADE
from tests.faults.processes import REAL, contents, ended, run, sdp, start

N = 30
"""Moments, one in each thirtieth of the run: from before the first file to after the last."""
KILL = f"{signal.SIGKILL:d}"
TWO = ("--workers", "2")
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("picky")]


def finished(undisturbed, *options):
    """Runs the same command again: it makes what was to be made, and nothing else is left."""
    done = run(*MADE, *options)
    assert done.returncode == 0, done.stderr
    assert contents(Path("data")) == undisturbed.files
    assert [path.name for path in Path("data").iterdir()] == ["spelling"]


@pytest.mark.parametrize("number", range(N))
def test_the_process_that_leads(undisturbed, number):
    rng = random.Random(f"driver {number}")
    moment = 1 + int(undisturbed.n_touches / N * (number + rng.random()))
    delay = rng.choice([0, 0, rng.uniform(0, 20)])
    done = run(*MADE, FATE=f"driver:{moment}:{delay}:self:{KILL}")
    assert done.returncode == -signal.SIGKILL or (delay and done.returncode == 0)
    finished(undisturbed)


@pytest.mark.parametrize("number", range(2))
def test_a_worker_again_and_again(undisturbed, number):
    """Whatever the killed runs left, the next one goes on from there."""
    rng = random.Random(f"worker {number}")
    killed = 0
    while killed < 5:
        fate = f"worker:{rng.randint(1, undisturbed.n_touches // 8)}:{rng.choice([0, rng.uniform(0, 20)])}:self:{KILL}"
        done = run(*MADE, *TWO, FATE=fate)
        if done.returncode:
            assert done.returncode == 5
            assert done.stderr.startswith("sdp: error: a worker process ended before its work was done\n")
            assert "the same command goes on" in done.stderr.splitlines()[-1]
            assert not Path("data/spelling").exists()
            killed += 1
        else:
            assert contents(Path("data")) == undisturbed.files
            shutil.rmtree("data")
        Path("sent").unlink(missing_ok=True)
    finished(undisturbed)  # by one process: how many there are has no say


@pytest.mark.parametrize("moment", [1, 40])
def test_the_process_that_leads_while_workers_work(undisturbed, moment):
    """They end, too: `run` waits for all that was started."""
    done = run(*MADE, *TWO, FATE=f"worker:{moment}:0:driver:{KILL}")
    assert done.returncode == -signal.SIGKILL
    finished(undisturbed)


@pytest.fixture(scope="module")
def replacing(plugin, undisturbed, tmp_path_factory):
    """An older data set, and how many moments it takes to replace it."""
    folder = tmp_path_factory.mktemp("replacing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(plugin), prepend=os.pathsep)
        patch.chdir(folder)
        assert run(*MADE, "--seed", "1").returncode == 0
        shutil.copytree("data", "older")
        assert run(*MADE, "--overwrite", COUNT="count").returncode == 0
        assert contents(Path("data")) == undisturbed.files
    return folder / "older", int((folder / "count").read_text())


@pytest.mark.parametrize("back", [1, 4, 5, 6])
def test_the_last_moments_of_replacing_an_older_data_set(undisturbed, replacing, back):
    """One of the two is there, whole; between two renames the older one lies aside."""
    older, n_touches = replacing
    shutil.copytree(older, "data")
    assert run(*MADE, "--overwrite", FATE=f"driver:{n_touches - back}:0:self:{KILL}").returncode == -signal.SIGKILL
    there = contents(Path("data/spelling")) or contents(Path("data/.spelling.old"))
    there.pop(".lock", None)
    newer = {name.removeprefix("spelling/"): digest for name, digest in undisturbed.files.items()}
    assert there in (contents(older / "spelling"), newer)
    finished(undisturbed, "--overwrite")


ROWS = ("generate", "spelling", "--n", "1200000", "--words", "wordfreq:en:3000", "-q")
"""Real shards: three of the train split, of half a million rows each or what is left."""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """An undisturbed large data set."""
    folder = tmp_path_factory.mktemp("large")
    done = sdp(*ROWS, "--out", str(folder / "data" / "spelling"))
    assert done.returncode == 0, done.stderr
    return contents(folder / "data")


@pytest.mark.parametrize("victim", ["driver", "worker"])
def test_shards_of_the_usual_size(large, victim, monkeypatch):
    """The command as everybody has it, killed while it writes its second shard."""
    monkeypatch.delenv("PYTHONPATH")
    process = start(*ROWS, *TWO, command=REAL)
    parts = Path("data/.spelling.unfinished/parts")
    while not list(parts.glob("*.json")):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    (process if victim == "driver" else busiest(process)).kill()
    done = ended(process)
    assert done.returncode == (-signal.SIGKILL if victim == "driver" else 5)
    kept = {path.name: path.stat().st_mtime_ns for path in parts.parent.glob("*.parquet")}
    assert kept
    assert sdp(*ROWS).returncode == 0
    assert contents(Path("data")) == large
    made = {path.name: path.stat().st_mtime_ns for path in Path("data/spelling").glob("*.parquet")}
    assert kept.items() <= made.items(), "what was finished is not made again"


def busiest(process):
    """The worker that has worked most."""
    return max(psutil.Process(process.pid).children(), key=lambda child: child.cpu_times().user)
