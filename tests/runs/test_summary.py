"""A run in a few numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from sdp.runs.history import history
from sdp.runs.summary import left_s, summarise, total_steps, worked_s

START = datetime(2026, 1, 1, tzinfo=UTC)


def event(kind, at_s, **fields):
    return {"event": kind, "time": (START + timedelta(seconds=at_s)).isoformat(), **fields}


def record(**fields):
    recipe = {"model": "tiny", "method": "lora", "training": {"max_steps": 100}}
    return {"kind": "finetune", "name": "it", "created": START.isoformat(), "config": {"recipe": recipe}} | fields


def run(n=10):
    yield event("status", 0, status="running")
    for step in range(1, n + 1):
        yield event("train", 2 * step, step=step, epoch=step / 50, loss=5 - step / 10, tokens_per_s=100.0 + step)
    yield event("eval", 2 * n + 1, step=n - 5, loss=2.0)
    yield event("eval", 2 * n + 1, step=n, loss=3.0)


def test_a_run_on_its_way():
    one = summarise("id", record(), history(run()), "running")
    assert (one.step, one.total_steps, one.loss, one.eval_loss) == (10, 100, 4.0, 3.0)
    assert (one.best_eval_loss, one.best_step, one.tokens_per_s, one.epoch) == (2.0, None, 108.0, 0.2)
    assert one.seconds == 21.0
    assert one.left_s == pytest.approx(180.0)
    assert (one.model, one.method, one.n_alerts, one.stopped) == ("tiny", "lora", 0, None)


def test_a_run_that_ended_has_nothing_left():
    events = [*run(), event("trained", 30, steps=10, best_step=7, epochs=0.2, loss=4.0)]
    one = summarise("id", record(), history(events), "complete")
    assert (one.left_s, one.best_step) == (None, 7)


def test_the_best_step_is_what_the_last_best_checkpoint_says():
    """The recipe's metric need not be the loss."""
    saved = [event("checkpoint", 30, step=step, best=best) for step, best in ((4, True), (8, True), (10, False))]
    assert summarise("id", record(), history([*run(), *saved]), "running").best_step == 8
    stopped = event("stopping", 31, step=10, best_step=4, reason="enough")
    assert summarise("id", record(), history([*run(), *saved, stopped]), "complete").best_step == 4


def test_a_bench_has_what_it_has():
    one = summarise("id", {"kind": "bench", "config": {"model": "tiny"}}, history([]), "complete")
    assert (one.model, one.step, one.loss, one.seconds, one.total_steps) == ("tiny", 0, None, 0.0, None)


def test_a_loss_that_is_no_number_is_not_the_best():
    events = [event("eval", 1, step=5, loss=None), event("eval", 2, step=10, loss=4.0)]
    assert summarise("id", record(), history(events), "running").best_eval_loss == 4.0


def test_an_error_is_told_of_a_failed_run_only():
    failed = record(error="ResourceError: full")
    assert summarise("id", failed, history([]), "failed").error == "ResourceError: full"
    assert summarise("id", failed, history([]), "complete").error is None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({"max_steps": 7, "num_train_epochs": None}, 7), ({"max_steps": None, "num_train_epochs": 2.0}, 200), ({}, None)],
)
def test_steps_come_from_the_recipe_or_from_the_epochs(settings, expected):
    assert total_steps({"training": settings}, {"step": 50, "epoch": 0.5}) == expected


def test_steps_of_epochs_are_not_known_before_the_first():
    assert total_steps({"training": {"num_train_epochs": 2.0}}, {}) is None


def test_pauses_are_no_work():
    events = [
        event("status", 0, status="running"), event("train", 10, step=1), event("status", 1000, status="running"),
        event("train", 1005, step=2),
    ]  # fmt: skip
    assert worked_s(history(events)) == 15.0


def test_a_bench_is_as_old_as_its_record():
    """It says when it has ended, not when it began."""
    assert worked_s(history([event("status", 12, status="complete")]), START.isoformat()) == 12.0
    assert worked_s(history([]), START.isoformat()) == 0.0


def test_one_value_says_no_speed():
    assert left_s(history([event("train", 10, step=1)]), 100) is None
    assert left_s(history(run()), None) is None
