"""`kill -9` and SIGTERM at random moments of a training: it goes on to the same bits, in every file that counts."""

import json
import random
import shutil
import signal

import pytest
from tests.faults.trainings import LAST, RESUME, STATE, begin, finished, made, process, there, undisturbed

from sdp.runs.folder import Run

__all__ = ["begin", "made", "process", "undisturbed"]
N_KILLED, N_TERMINATED = 20, 6
KILL, TERM = f"{signal.SIGKILL:d}", f"{signal.SIGTERM:d}"
pytestmark = pytest.mark.slow


def test_two_undisturbed_runs_are_equal_and_a_seed_makes_another(process, begin, undisturbed):
    """Else the tests below could not pass, or could not fail."""
    first, n_touches = undisturbed
    assert n_touches > 100
    assert process.sdp(*begin).code == 0
    (second,) = there()
    for file in STATE:
        assert (second / "checkpoints" / LAST / file).read_bytes() == (
            first.path / "checkpoints" / LAST / file
        ).read_bytes()
    shutil.rmtree("runs")
    assert process.sdp(*begin, "--seed", "1").code == 0
    (other,) = there()
    for file in set(STATE) - {"scheduler.pt"}:
        assert (other / "checkpoints" / LAST / file).read_bytes() != (
            first.path / "checkpoints" / LAST / file
        ).read_bytes()


@pytest.mark.parametrize("number", range(N_KILLED))
def test_killed(process, begin, undisturbed, number):
    run, n_touches = undisturbed
    rng = random.Random(f"training {number}")
    moment = 1 + int(n_touches / N_KILLED * (number + rng.random()))
    delay = rng.choice([0, rng.uniform(0, 30), rng.uniform(0, 120)])  # what C++ and Rust write is in between
    done = process.sdp(*begin, fate=f"{moment}:{delay}:{KILL}")
    assert done.code == -signal.SIGKILL or (delay and done.code == 0), done.err
    finished(process, begin, run)


@pytest.mark.parametrize("number", range(2))
def test_killed_again_and_again(process, begin, undisturbed, number):
    """Whatever a killed run left, the next one goes on from there."""
    run, n_touches = undisturbed
    rng = random.Random(f"training again {number}")
    words, killed = begin, 0
    for _ in range(5):
        done = process.sdp(*words, fate=f"{rng.randint(1, n_touches // 2)}:{rng.uniform(0, 60)}:{KILL}")
        killed += done.code == -signal.SIGKILL
        if done.code != -signal.SIGKILL:
            break
        words = RESUME if there() else begin
    assert killed >= 2
    finished(process, begin, run)


@pytest.mark.parametrize("number", range(N_TERMINATED))
def test_terminated(process, begin, undisturbed, number):
    """The step it stood at is in a checkpoint: not one step is lost, and the rest is bit-equal."""
    run, n_touches = undisturbed
    rng = random.Random(f"terminated {number}")
    moment = 1 + int(n_touches / N_TERMINATED * (number + rng.random()))
    done = process.sdp(*begin, fate=f"{moment}:{rng.uniform(0, 60)}:{TERM}")
    if not there():
        assert done.code == 143, done.err
        return
    (left,) = there()
    is_complete = Run.open(left).record["status"] == "complete"
    assert done.code in ((0, 143) if is_complete else (143,)), done.err
    steps = [event["step"] for event in Run.open(left).events() if event["event"] in {"train", "eval"}]
    if steps:
        last = max(left.glob("checkpoints/step-*"))
        newest = json.loads((last / "trainer_state.json").read_text())["global_step"]
        assert newest >= max(steps), "it did not wait for its checkpoint"
    finished(process, begin, run)
