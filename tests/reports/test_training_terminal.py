"""Runs in the terminal, also a narrow one."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from tests.reports.trained import page

from sdp.reports.training_terminal import (
    BLOCKS,
    comparison,
    event_line,
    run_details,
    runs_table,
    sparkline,
    watched,
)


def printed(shown, width=100):
    console = Console(file=io.StringIO(), width=width)
    console.print(shown)
    return console.file.getvalue()


def view(**fields):
    latest = {"tokens_per_s": 4321.0, "learning_rate": 1e-3, "memory_bytes": 2**30, "cpu_share": 0.5}
    return {"summary": dict(page().summary), "losses": [3.0, 2.0, 1.0], "eval_losses": [2.5], "latest": latest,
            "alerts": []} | fields  # fmt: skip


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200), st.integers(1, 80))
def test_a_curve_fits_and_shows_its_ends(values, width):
    drawn = sparkline(values, width)
    assert len(drawn) == min(width, len(values))
    assert set(drawn) <= set(BLOCKS)
    if len(values) <= width and max(values) - min(values) > 1e-3:
        assert drawn[values.index(max(values))] == BLOCKS[-1]
        assert drawn[values.index(min(values))] == BLOCKS[0]


@pytest.mark.parametrize("width", [80, 120])
def test_a_list_has_a_line_for_each(width):
    text = printed(runs_table([page().summary, page(name="second", sick=True).summary]), width)
    for part in ("20260101-first", "20260101-second", "300 of 600", "complete", "failed", "30.0 s", "alerts"):
        assert part in text
    assert "kind" not in text
    assert "alerts" not in printed(runs_table([page().summary]), width)
    assert "bench" in printed(runs_table([page().summary, dict(page().summary) | {"kind": "bench"}]), width)


def details(**fields):
    return {"summary": dict(page().summary), "files": ["runs/x/adapter"], "benches": [], "losses": [3.0, 1.0],
            "eval_losses": [], "checkpoints": ["step-000100"], "scores": [], "alerts": []} | fields  # fmt: skip


def test_one_run():
    text = printed(run_details(details()))
    for part in ("complete", "nothing is better", "runs/x/adapter", "step-000100", "█▁ 1"):
        assert part in text
    alert = {"alert": "disk", "step": 1200, "text": "[bold]no markup[/]"}
    score = {"target": "spelling", "task": "count", "metric": "exact_match", "value": 0.25}
    text = printed(run_details(details(alerts=[alert], scores=[score])))
    assert "step 1,200" in text
    assert "[bold]no markup[/]" in text
    assert "0.25" in text


def test_runs_side_by_side():
    pages = [page(), page(name="second", sick=True)]
    summaries, results = [one.summary for one in pages], [one.result for one in pages]
    text = printed(comparison(summaries, results, [("recipe.training.learning_rate", ["0.001", "1.001"])]))
    assert "1: first" in text
    assert "1.001" in text
    assert "the settings are the same" in printed(comparison(summaries, results, []))


def test_a_watched_run_shows_how_far_it_is():
    going = dict(page().summary) | {"status": "running", "left_s": 61.0}
    text = printed(watched(view(summary=going)))
    for part in ("300 of 600", "about 1 min 01 s left", "━" * 44, "█▅▁", "(lowest 1)", "4,321 tokens/s", "CPU 50%"):
        assert part in text
    alert = {"alert": "disk", "step": 3, "text": "full"}
    assert "▲" in printed(watched(view(alerts=[alert])))


def test_a_run_that_has_not_begun_says_so():
    early = dict.fromkeys(page().summary) | {"id": "x", "status": "running", "step": 0, "seconds": 0.0}
    text = printed(watched(view(summary=early, losses=[], eval_losses=[], latest={})))
    assert text.split("\n")[:2] == ["x  running", "no step yet"]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({"event": "train", "step": 5, "loss": 1.2345, "tokens_per_s": 4321.0}, "step 5: loss 1.23, 4,321 tokens/s"),
        ({"event": "train", "step": 5, "loss": None}, "step 5: loss –"),
        ({"event": "eval", "step": 5, "loss": 0.5}, "step 5: eval loss 0.5"),
        ({"event": "alert", "step": 5, "alert": "disk", "text": "full"}, "step 5: alert disk: full"),
        ({"event": "stopping", "step": 5, "best_step": 3, "reason": "x"}, "step 5: stopped early: x; kept: step 3"),
        ({"event": "status", "status": "failed", "error": "E"}, "failed: E"),
        ({"event": "status", "status": "complete"}, "complete"),
        ({"event": "checkpoint", "step": 5}, None),
        ({"event": "of another version"}, None),
    ],
)
def test_an_event_as_a_line(event, line):
    assert event_line(event) == line
