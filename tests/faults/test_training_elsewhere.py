"""A training that goes on in another way than it began: it works, is not bit-exact, and says so."""

import os
import signal
import time
from pathlib import Path

import pytest
from tests.faults.trainings import RESUME, begin, made, process, there, undisturbed

from sdp.runs.checkpoints.verified import newest_whole
from sdp.runs.folder import Run

__all__ = ["begin", "made", "process", "undisturbed"]
LOUD = [word for word in RESUME if word != "--quiet"]
pytestmark = pytest.mark.slow


def resumed(run: Path) -> dict:
    return [event for event in Run.open(run).events() if event["event"] == "resumed"][-1]


def losses(run: Path) -> dict[int, float]:
    return {event["step"]: event["loss"] for event in Run.open(run).events() if event["event"] == "eval"}


def test_in_another_dtype(process, begin, undisturbed):
    run, n_touches = undisturbed
    assert process.sdp(*begin, fate=f"{n_touches // 2}:0:{signal.SIGTERM:d}").code == 143
    done = process.sdp(*LOUD, "-o", "dtype=bfloat16")
    assert done.code == 0, done.err
    assert "but not bit by bit as it would have: dtype float32 → bfloat16" in done.err
    (here,) = there()
    assert resumed(here)["differs"] == ["dtype float32 → bfloat16"]
    assert losses(here) == pytest.approx(losses(run.path), rel=0.05)


def test_by_two_processes_that_are_terminated_and_then_by_one(process, begin):
    """Both write their part of the checkpoint, although the signal reaches them at different steps."""
    two = ("--distributed", "ddp", "--num-processes", "2", "-o", "training.gradient_accumulation_steps=1")
    process.start(*begin, *two, "-o", "training.logging_steps=1", "-o", "training.max_steps=3000")
    while not any(event["event"] == "train" for path in there() for event in Run.open(path).events()):
        assert process.process.poll() is None
        time.sleep(0.05)
    os.kill(int(Path("pid.txt").read_text()), signal.SIGTERM)
    done = process.done()
    assert done.code == 143, done.err
    (here,) = there()
    checkpoint = newest_whole(here / "checkpoints", print)
    assert {path.name for path in checkpoint.glob("rng_state*")} == {"rng_state_0.pth", "rng_state_1.pth"}
    one = ("-o", "distributed.kind=none", "-o", "distributed.num_processes=1")
    assert process.sdp(*RESUME, *one).code == 3, "a step would have half the examples"
    process.start(*LOUD, *one, "-o", "training.gradient_accumulation_steps=2")
    while not [event for event in Run.open(here).events() if event["event"] == "resumed"]:
        assert process.process.poll() is None
        time.sleep(0.05)
    os.kill(int(Path("pid.txt").read_text()), signal.SIGTERM)
    assert process.done().code == 143
    assert resumed(here)["differs"] == ["processes 2 → 1", "batch 4 × 1 → 4 × 2"]
    assert resumed(here)["step"] == int(checkpoint.name.removeprefix("step-"))
