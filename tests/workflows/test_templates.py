"""Listing phrasings."""

import pytest

from sdp.errors import InputError, TemplateError
from sdp.templates.phrasing import load_phrasings
from sdp.workflows.templates import ListRequest, list_phrasings


def test_all_phrasings_of_a_task_by_family():
    result = list_phrasings(ListRequest(("count",)))
    loaded = load_phrasings("count", "en")
    assert {(one.hash, one.held_out, one.text) for one in result.phrasings} == {
        (one.hash, one.held_out, one.text) for one in loaded
    }
    assert [one.family for one in result.phrasings] == sorted(one.family for one in loaded)
    assert sum(result.families["count"].values()) == len(loaded)


def test_the_style_adds_the_family_trace():
    assert "trace" not in list_phrasings(ListRequest(("count",), "de")).families["count"]
    assert list_phrasings(ListRequest(("count",), "de", "trace")).families["count"]["trace"] == 4


def test_all_tasks_without_a_name():
    assert {"spelling", "position", "count"} <= set(list_phrasings(ListRequest()).families)


def test_own_folders(tmp_path):
    (tmp_path / "mine.jinja").write_text("Own: {{ letter }}, {{ word }}")
    result = list_phrasings(ListRequest(("count",), templates=(tmp_path,)))
    assert result.families["count"]["mine"] == 1
    (tmp_path / "mine.jinja").rename(tmp_path / "mine.txt")
    with pytest.raises(TemplateError, match="no phrasings for 'spelling'"):
        list_phrasings(ListRequest(("spelling",), templates=(tmp_path,)))


def test_unknown_task_and_unknown_language():
    with pytest.raises(InputError, match="unknown task 'spellin'"):
        list_phrasings(ListRequest(("spellin",)))
    with pytest.raises(TemplateError, match="no task has phrasings in language 'dee'") as caught:
        list_phrasings(ListRequest((), "dee"))
    assert caught.value.hint == "did you mean 'de'? languages are: de, en, es, fr"
