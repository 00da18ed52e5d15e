"""The validation report as a file: what it says is what was found, and it loads nothing."""

import json
import re
from pathlib import Path

import pytest
from tests.reports.judged import NASTY, page
from tests.reports.test_html import Page, small_plotly

from sdp.errors import ResourceError
from sdp.reports.data_html import REASONS, render_data_report, write_data_report


@pytest.fixture(scope="module")
def text():
    with small_plotly():
        return render_data_report([page(), page(nasty=True)])


@pytest.fixture(scope="module")
def read(text):
    return Page(text)


def test_nothing_is_loaded_from_anywhere(read, text):
    assert all(value.startswith(("#", "data:")) for _, _, value in read.loads), read.loads
    assert "default-src &#39;none&#39;" in text
    assert read.handlers == []


def test_every_check_says_what_it_found(read, text):
    seen = "".join(read.texts)
    for one in (page(), page(nasty=True)):
        for problem in one["problems"]:
            assert problem.split(": ", 1)[1] in seen
        for notes in one["notes"].values():
            assert all(note in seen for note in notes)
    assert "3 rows: the oracle says" in seen
    assert "(such as 00000000000000ff)" in seen
    assert seen.count("no evaluation file was named with --against") == 2
    verdicts = re.findall(r'data-check="(\w+)">\s*<th>\w+</th>\s*<td><span class="badge (\w+)"', text)
    assert dict(verdicts[5:]) == {
        "schema": "ok",
        "oracle": "failed",
        "balance": "failed",
        "loud": "failed",
        "contamination": "idle",
    }
    assert {verdict for _, verdict in verdicts[:4]} == {"ok"}


def test_the_verdict_is_in_the_title(text):
    assert "<title>sdp validate: failed</title>" in text
    with small_plotly():
        assert "<title>sdp validate: ok</title>" in render_data_report([page()])


def test_splits_are_the_manifests(read):
    seen = "".join(read.texts)
    for number in ("800", "400", "266", "8,000", "25.0", "30.0"):
        assert number in seen


def test_many_reasons_are_cut_and_the_rest_is_counted(read):
    seen = "".join(read.texts)
    assert f"and {31 - REASONS} more reasons, all in the manifest" in seen


def test_the_payload_is_the_figures_with_names_of_their_own(read):
    (payload,) = [source for attributes, source in read.scripts if attributes.get("type") == "application/json"]
    names = [figure["name"] for figure in json.loads(payload)["figures"]]
    assert len(names) == len(set(names)) == 4 + 5


def test_texts_from_outside_stay_text(read, text):
    assert NASTY not in text
    assert len(read.scripts) == 3
    assert NASTY in "".join(read.texts)


def test_a_place_that_cannot_be_written_is_said():
    Path("file").write_text("")
    with small_plotly(), pytest.raises(ResourceError):
        write_data_report([page()], Path("file/report.html"))


def test_it_is_written_whole():
    with small_plotly():
        write_data_report([page()], Path("new/report.html"))
    assert [path.name for path in Path("new").iterdir()] == ["report.html"]
    assert Path("new/report.html").read_text().rstrip().endswith("</html>")
