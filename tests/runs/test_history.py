"""What a run's events add up to, each step once."""

from sdp.runs.history import Chronicle, history
from sdp.runs.thinned import LONGEST

RUNNING = {"event": "status", "status": "running"}


def train(step, loss=1.0, **fields):
    return {"event": "train", "step": step, "loss": loss} | fields


def test_kinds_are_told_apart():
    events = [
        RUNNING, train(5), {"event": "eval", "step": 5, "loss": 2.0}, {"event": "checkpoint", "step": 5, "path": "x"},
        {"event": "alert", "alert": "disk", "step": 5}, {"event": "stopping", "step": 5, "reason": "enough"},
        {"event": "trained", "steps": 5}, {"event": "score", "value": 1.0}, {"event": "of another version"},
    ]  # fmt: skip
    told = history(events)
    assert (len(told.train), len(told.evals), len(told.checkpoints), len(told.alerts), len(told.scores)) == (1,) * 5
    assert (told.stopping["reason"], told.trained["steps"], told.statuses, told.step) == ("enough", 5, [RUNNING], 5)


def test_nothing_is_known_of_nothing():
    told = history([])
    assert (told.train, told.stopping, told.step) == ([], None, 0)


def test_what_was_done_twice_counts_once():
    """Killed at 30, gone on from the checkpoint of 10: 20 and 30 are the second ones."""
    first = [RUNNING, train(10, 1.0), {"event": "checkpoint", "step": 10, "path": "x"}, train(20, 2.0), train(30, 3.0)]
    told = history([*first, {"event": "alert", "alert": "disk", "step": 30}, RUNNING, train(20, 20.0)])
    assert [(event["step"], event["loss"]) for event in told.train] == [(10, 1.0), (20, 20.0)]
    assert len(told.checkpoints) == 1
    assert told.alerts == []
    assert len(told.statuses) == 2


def test_a_bench_that_is_repeated_has_each_score_once():
    def score(value, step):
        return {"event": "score", "target": "trained", "task": "count", "metric": "m", "value": value, "step": step}

    told = history([score(0.1, 10), score(0.2, 20), score(0.3, 10)])
    assert [(one["step"], one["value"]) for one in told.scores] == [(10, 0.3), (20, 0.2)]


def test_a_line_of_somebody_else_s_is_passed_over():
    told = history([{"event": "train"}, {"event": "eval", "step": None}, {}, {"event": 3}, train(2)])
    assert (len(told.train), told.evals, told.step) == (1, [], 2)


def test_a_resumed_run_of_very_many_events_goes_on_where_it_did():
    chronicle = Chronicle()
    chronicle.add([RUNNING, *(train(step) for step in range(1, 3 * LONGEST))])
    chronicle.add([RUNNING, {"event": "resumed", "step": LONGEST}])
    assert chronicle.history.is_thinned
    assert chronicle.history.step <= LONGEST
    chronicle.add([train(LONGEST + 1, 7.0)])
    assert (chronicle.history.step, chronicle.history.train[-1]["loss"]) == (LONGEST + 1, 7.0)
