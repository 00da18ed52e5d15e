"""What a stream of events says, also where the run broke off and went on."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.runs.events import STEPPED, read_events, read_outline, read_pieces, standing
from sdp.runs.history import history

RUNNING = {"event": "status", "status": "running"}


def train(step, loss=1.0):
    return {"event": "train", "step": step, "loss": loss}


def test_a_resume_that_says_nothing_takes_nothing_away():
    events = [RUNNING, train(10), RUNNING, {"event": "status", "status": "complete"}]
    assert standing(events) == events


def test_a_resume_takes_back_what_came_after_its_checkpoint_at_once():
    """Before it has logged anything, and also what is not logged again: the alert of step 12."""
    alert = {"event": "alert", "alert": "disk", "step": 12}
    resumed = {"event": "resumed", "step": 10}
    before = [RUNNING, train(10), alert, train(15), RUNNING]
    assert standing([*before, resumed]) == [RUNNING, train(10), RUNNING, resumed]
    assert standing([*before, resumed, train(20)]) == [RUNNING, train(10), RUNNING, resumed, train(20)]


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


@pytest.mark.parametrize("size", [120, 200, 10_000])
def test_pieces_are_the_whole(tmp_path, size):
    path = tmp_path / "events.jsonl"
    assert list(read_pieces(path, size=size)) == [([], 0)]
    events = [train(step) for step in range(50)]
    path.write_text("".join(json.dumps(event) + "\n" for event in events) + '{"event": "tr')
    pieces = list(read_pieces(path, size=size))
    assert [event for piece, _ in pieces for event in piece] == events
    assert (len([piece for piece, _ in pieces if piece]) == 1) is (size == 10_000)
    assert list(read_pieces(path, pieces[-1][1], size=size)) == [([], pieces[-1][1])]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=4), st.data())
def test_an_outline_gives_the_summary_of_the_whole(tmp_path_factory, lengths, data):
    """Whatever was evaluated, killed and resumed."""
    events, done = [], 0
    for n_steps in lengths:
        start = data.draw(st.integers(0, done))
        done = start + n_steps
        events += [RUNNING, *(train(step, loss=step / 2) for step in range(start + 1, done + 1))]
        events += [{"event": "eval", "step": done, "loss": 1.0}]
    path = tmp_path_factory.mktemp("outline") / "events.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events) + '{"event": "train", "st')
    outline = read_outline(path)
    whole, told = history(events), history(outline)
    assert (told.step, told.evals, told.statuses, told.train[-1:]) == (
        whole.step, whole.evals, whole.statuses, whole.train[-1:],
    )  # fmt: skip
    assert len(outline) <= 9 * len(lengths)


def test_no_file_has_no_outline(tmp_path):
    assert read_outline(tmp_path / "events.jsonl") == []
