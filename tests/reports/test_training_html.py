"""The page of runs as a file: what it says is what was logged, and it loads nothing."""

import json

import pytest
from tests.reports.test_html import Page, small_plotly
from tests.reports.trained import NASTY, page

from sdp.errors import ResourceError
from sdp.reports.training_html import render_training_report, write_training_report


@pytest.fixture(scope="module")
def one():
    with small_plotly():
        return render_training_report([page()])


@pytest.fixture(scope="module")
def two():
    with small_plotly():
        return render_training_report([page(), page(name="second", sick=True)])


def test_nothing_is_loaded_from_anywhere(two):
    read = Page(two)
    assert all(value.startswith(("#", "data:")) for _, _, value in read.loads), read.loads
    assert "default-src &#39;none&#39;" in two
    assert read.handlers == []


def test_one_run_says_what_came_of_it(one):
    seen = "".join(Page(one).texts)
    for text in ("complete", "tiny, lora", "300 of 600", "nothing is better", "1 lowest", "step 200", "99 examples/s"):
        assert text in seen
    assert "<title>sdp runs: 20260101-first</title>" in one
    assert 'id="differences"' not in one
    assert 'id="alerts"' not in one


def test_two_runs_stand_side_by_side(two):
    assert two.count('data-outcome="') == 10
    assert 'data-setting="recipe.training.learning_rate"' in two
    assert 'data-setting="recipe.model"' not in two
    assert two.count('data-alert="not_finite"') == 1


def test_the_payload_is_the_figures(two):
    (payload,) = [source for attributes, source in Page(two).scripts if attributes.get("type") == "application/json"]
    names = [figure["name"] for figure in json.loads(payload)["figures"]]
    assert len(names) == len(set(names)) == two.count('class="plot"')


def test_texts_from_outside_stay_text(two):
    assert NASTY not in two
    assert NASTY in "".join(Page(two).texts)


def test_a_place_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").touch()
    with small_plotly(), pytest.raises(ResourceError):
        write_training_report([page()], tmp_path / "file" / "training.html")
