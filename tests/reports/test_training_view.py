"""Runs in words."""

import pytest
from tests.reports.trained import page

from sdp.reports.training_view import differing, duration, facts, moment, outcome, size, small, steps


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (4.25, "4.2 s"),
        (60.4, "1 min 00 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 05 min"),
        (90000, "25 h 00 min"),
    ],
)
def test_time_spans(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [(None, "–"), (512, "512 B"), (1536, "1.5 KiB"), (3 * 2**30, "3.0 GiB"), (2**50, "1024.0 TiB")],
)
def test_sizes(n_bytes, text):
    assert size(n_bytes) == text


def test_numbers():
    assert [small(value) for value in (None, 0.000123456, 3.14159, 1234.5)] == ["–", "0.000123", "3.14", "1.23e+03"]
    assert moment("no time") == "no time"
    assert moment("2026-01-01T00:00:00+00:00").startswith(("2026-01-01", "2025-12-31"))


def test_a_run_in_words():
    said = facts(page().summary)
    assert said["steps"] == "300 of 600 (3.00 epochs)"
    assert said["stopped early"] == "nothing is better"
    assert said["time"] == "30.0 s"
    assert "alerts" not in said
    assert facts(page(sick=True).summary)["status"].startswith("failed: InputError")
    assert facts(page(sick=True).summary)["alerts"] == "1"


def test_what_is_not_known_is_left_out():
    empty = dict.fromkeys(page().summary) | {"status": "running", "created": "", "step": 0, "seconds": 0.0}
    assert set(facts(empty | {"n_alerts": 0})) == {"status", "began", "time"}
    assert steps(empty) == "–"


def test_time_that_is_left_is_said():
    assert facts(dict(page().summary) | {"left_s": 61.0})["time"] == "30.0 s, about 1 min 01 s left"


def test_settings_that_differ_and_no_others():
    runs = [{"a": {"b": 1, "c": 2}, "d": None}, {"a": {"b": 1, "c": 3}, "d": None}, {"a": {"b": 1, "c": 2}, "e": "x"}]
    assert differing(runs) == [("a.c", ["2", "3", "2"]), ("e", ["–", "–", "x"])]


def test_an_outcome_has_the_same_rows_for_every_run():
    one = outcome(page().summary, {"trained": {"peak_memory_bytes": 2**30}})
    assert one["memory at the peak"] == "1.0 GiB"
    bench = dict.fromkeys(page().summary) | {"status": "complete", "step": 0, "seconds": 1.0, "n_alerts": 0}
    assert list(outcome(bench, {})) == list(one)
