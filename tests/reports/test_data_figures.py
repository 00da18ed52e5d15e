"""Plots of a data set: every number is a count of the tallies over the rows of its split."""

import json

import pytest
from tests.reports.judged import NASTY, page

from sdp.reports.data_figures import make_data_figures


@pytest.fixture
def figures():
    return {figure["name"]: figure for figure in make_data_figures(page(nasty=True))}


def test_every_kind_of_plot_is_there(figures):
    assert list(figures) == [f"count-{kind}" for kind in ("strata", "answers", "lengths", "phrasings", "rejects")]
    json.dumps(figures, allow_nan=False)


def test_a_data_set_without_strata_and_rejects_has_no_plot_of_them():
    plain = page()
    for facts in plain["splits"].values():
        del facts["strata"]
    assert [figure["name"] for figure in make_data_figures(plain)] == [
        "count-answers",
        "count-lengths",
        "count-phrasings",
    ]


def test_bars_are_percent_of_the_rows_of_their_split(figures):
    train, test = figures["count-strata"]["traces"]
    assert (train["y"], test["y"]) == ([50.0, 50.0], [50.0, 50.0])
    train, test, floor = figures["count-answers"]["traces"]
    assert train["y"] == [50.0, 37.5, 12.5]
    assert test["y"] == [50.0, 50.0, 0.0]
    assert set(floor["y"]) == {30.0}
    assert floor["meta"]["tint"] is None


def test_lengths_add_up_to_all_rows(figures):
    for trace in figures["count-lengths"]["traces"]:
        assert sum(trace["y"]) == pytest.approx(100)
        assert trace["x"][0] == 3
    assert len(figures["count-lengths"]["traces"][0]["x"]) < 12 - 3  # one long word does not stretch the axis


def test_phrasings_are_sorted_held_out_ones_last(figures):
    train, test = figures["count-phrasings"]["traces"]
    assert train["y"] == [11.0] * 9 + [0.0] * 3
    assert test["y"] == [8.0] * 12
    assert figures["count-phrasings"]["layout"]["xaxis"]["title"]["text"] == "1–9 trained, 10–12 held out"


def test_rejects_are_added_up_by_check(figures):
    (trace,) = figures["count-rejects"]["traces"]
    assert dict(zip(trace["y"], trace["x"], strict=True)) == {"oracle": sum(range(1, 31)), "picky": 5}


def test_texts_from_outside_are_escaped(figures):
    assert NASTY not in json.dumps(figures)
    assert "<img" not in json.dumps(figures)


def test_an_answer_too_long_for_an_axis_is_cut():
    long = page()
    long["answers"]["train"]["x" * 100] = 50
    names = make_data_figures(long)[1]["traces"][0]["x"]
    assert f"{'x' * 23}…" in names
