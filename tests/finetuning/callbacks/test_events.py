"""What a real training writes down: every value where it belongs, and numbers that fit each other."""

import math
import re
import time
from types import SimpleNamespace

import pytest
import torch
from tests.finetuning import cases

from sdp.finetuning.arguments import order_of
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.callbacks.events import Bookkeeping, gpu_uuid, seen_by
from sdp.finetuning.callbacks.stopping import check_stopping
from sdp.runs.history import history

LOGGED = {"step", "epoch", "loss", "learning_rate", "grad_norm"}
MEASURED = {"tokens_per_s", "examples_per_s", "memory_bytes", "memory_left", "cpu_share", "disk_left_bytes"}


class Bar:
    def __init__(self):
        self.n, self.notes = 0, []

    def advance(self, n=1):
        self.n += n

    def note(self, text):
        self.notes.append(text)


def test_a_training_logs_what_it_did_and_what_it_cost(tmp_path):
    run = cases.new_run(tmp_path)
    train(cases.job(validation=cases.examples(6), max_steps=6, logging_steps=2), run)
    told = history(run.events())
    assert [event["step"] for event in told.train] == [2, 4, 6]
    assert [event["step"] for event in told.evals] == [2, 4, 6]
    for event in told.train:
        names = {
            "event",
            "time",
            "step",
            "epoch",
            "loss",
            "learning_rate",
            "grad_norm",
            "tokens_per_s",
            "examples_per_s",
        }
        assert set(event) == names | MEASURED
        assert all(math.isfinite(event[name]) and event[name] >= 0 for name in names - {"event", "time"})
        assert re.match(r"\d{4}-\d\d-\d\dT", event["time"])
    for event in told.evals:
        assert {"loss", "token_accuracy", "exact_match"} < set(event)
        assert 0 <= event["exact_match"] <= 1
    rates = [event["learning_rate"] for event in told.train]
    assert rates == sorted(rates, reverse=True)


def test_speeds_are_of_the_same_while():
    """Tokens/s over examples/s is the mean length of the examples between two logs."""
    job = cases.job(train=cases.examples(40), max_steps=10)
    seen = seen_by(job)
    lengths = job.train.lengths
    for step in (0, 1, 7, 10, 23):
        trained = [index for done in range(step) for index in order_of(job).step(done)]
        assert seen(step) == (len(trained), lengths[trained].sum())


def test_evaluations_and_checkpoints_are_no_training(tmp_path, monkeypatch):
    """A clock that is turned by hand: steps take a second each, the evaluation ten, the checkpoint a hundred."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    run, bar = cases.new_run(tmp_path), Bar()
    callback = Bookkeeping(run, bar, lambda step: (8 * step, 100 * step))
    state = type("State", (), {"global_step": 0, "epoch": 0.0})()
    callback.on_train_begin(None, state, None)

    def tick(seconds):
        now[0] += seconds

    for step in range(1, 7):
        state.global_step = step
        tick(1.0)
        callback.on_step_end(None, state, None)
        if step % 2 == 0:
            callback.on_log(None, state, None, {"loss": 1.0})
        if step == 2:
            tick(10.0)
            callback.on_log(None, state, None, {"eval_loss": 1.0, "eval_accuracy": 0.5})
            callback.on_evaluate(None, state, None)
            tick(100.0)
            callback.on_save(None, state, None)
    told = history(run.events())
    assert [(event["tokens_per_s"], event["examples_per_s"]) for event in told.train] == [(100.0, 8.0)] * 3
    assert told.evals[0]["accuracy"] == 0.5
    assert (bar.n, bar.notes[1]) == (6, "eval loss 1.000")


@pytest.mark.parametrize("backend", ["trl", "unsloth"])
def test_another_s_order_is_counted_by_the_mean(backend):
    job = cases.job(train=cases.examples(10))
    recipe = job.recipe.model_copy(update={"backend": backend})
    other = type(job)(**{name: getattr(job, name) for name in job.__slots__} | {"recipe": recipe})
    per_epoch = 3  # ten examples, four a step
    assert seen_by(other)(per_epoch) == (10, job.train.lengths.sum())
    assert seen_by(other)(1) == (4, round(4 * job.train.lengths.mean()))


def test_what_is_logged_is_what_stopping_takes():
    for metric in ("loss", "grad_norm", "learning_rate", "eval_exact_match"):
        check_stopping(cases.job(stopping={"metric": metric}).recipe.stopping, backend="lean", evaluates=True)


def on_a_card(monkeypatch, stats, **properties):
    """Torch as it is beside a card of 1000 bytes."""
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.cuda, "memory_stats", lambda: stats)
    found = SimpleNamespace(total_memory=1000, **properties)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: found)


@pytest.mark.parametrize(
    ("reserved", "peak", "left"),
    [(600, 100, 0.6), (600, 600, 0.1), (100, 600, 0.1), (None, None, 0.1)],
)
def test_what_torch_keeps_for_later_counts_as_left(monkeypatch, tmp_path, reserved, peak, left):
    """The driver says that 900 of 1000 bytes are taken. Torch has reserved some of those, and never used all."""
    stats = {} if reserved is None else {"reserved_bytes.all.current": reserved, "allocated_bytes.all.peak": peak}
    on_a_card(monkeypatch, stats, uuid="0a1b")
    asked = []

    class Card:
        def __init__(self, folder, gpu):
            asked.append(gpu)

        def measure(self):
            return {"gpu_memory_bytes": 900, "gpu_memory_left": 0.1}

    monkeypatch.setattr("sdp.finetuning.callbacks.events.Machine", Card)
    run = cases.new_run(tmp_path)
    callback = Bookkeeping(run, Bar(), lambda step: (0, 0), "cuda")
    callback.on_log(None, SimpleNamespace(global_step=1, epoch=0.0), None, {"loss": 1.0})
    assert asked == ["GPU-0a1b"]
    (event,) = history(run.events()).train
    assert (event["gpu_memory_bytes"], event["gpu_memory_left"]) == (900, left)


def test_a_card_without_such_a_name_is_not_asked(monkeypatch):
    """AMD's have none; NVIDIA's library has "GPU-" before it, torch has not."""
    on_a_card(monkeypatch, {})
    assert gpu_uuid() is None
    on_a_card(monkeypatch, {}, uuid="0a1b-2c3d")
    assert gpu_uuid() == "GPU-0a1b-2c3d"
