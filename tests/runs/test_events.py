"""What a stream of events says, also where the run broke off and went on."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sdp.runs.events import STEPPED, history, read_events, standing

RUNNING = {"event": "status", "status": "running"}


def train(step, loss=1.0):
    return {"event": "train", "step": step, "loss": loss}


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


def test_a_resume_that_says_nothing_takes_nothing_away():
    events = [RUNNING, train(10), RUNNING, {"event": "status", "status": "complete"}]
    assert standing(events) == events


@given(st.lists(st.integers(1, 8), min_size=1, max_size=5), st.data())
def test_a_run_killed_anywhere_any_number_of_times_reads_as_undisturbed(lengths, data):
    """Each session begins after a step that was logged (or 0) and goes on for a while; the last to the end."""
    end = 20
    written, done = [], 0
    for n_steps in [*lengths, end]:
        start = data.draw(st.integers(0, done))
        done = min(start + n_steps, end)
        written += [RUNNING, *(train(step, loss=step / 2) for step in range(start + 1, done + 1))]
    kept = [event for event in standing(written) if event["event"] in STEPPED]
    assert kept == [train(step, loss=step / 2) for step in range(1, end + 1)]


def test_a_file_is_read_on_where_it_was_left(tmp_path):
    path = tmp_path / "events.jsonl"
    assert read_events(path) == ([], 0)
    first, second = (json.dumps(train(step)).encode() + b"\n" for step in (1, 2))
    path.write_bytes(first + second[:10])
    events, place = read_events(path)
    assert (events, place) == ([train(1)], len(first))
    path.write_bytes(first + second)
    assert read_events(path, place) == ([train(2)], len(first + second))


def test_a_line_that_was_cut_off_is_passed_over(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"event": "tra\n[1]\n' + json.dumps(train(3)).encode() + b"\n")
    assert read_events(path)[0] == [train(3)]


def test_letters_of_any_script_do_not_shift_the_place(tmp_path):
    path = tmp_path / "events.jsonl"
    event = {"event": "alert", "text": "é漢\u2028"}
    path.write_text(json.dumps(event, ensure_ascii=False) + "\n", encoding="utf-8")
    events, place = read_events(path)
    assert (events, place) == ([event], path.stat().st_size)
