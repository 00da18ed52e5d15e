"""Every fault is found, with its place, and nothing that is none."""

from pathlib import Path

import pytest

import sdp.templates
from sdp.api import Item, RowGenerator
from sdp.errors import InputError
from sdp.workflows.template_lint import LintRequest, lint_templates

PACKAGED = Path(sdp.templates.__file__).parent
BAD = """{# Faults. #}

Good: {{ letter }} in {{ word }}, how often?

Of {{ wrod }}, {{ letter }}

Count in {{ word }}.

{{ word|upper }} has {{ letter }}

Broken {{ word

{{ word.upper() }} {{ letter }}
"""


@pytest.fixture
def mine(tmp_path):
    folder = tmp_path / "mine" / "en" / "count"
    folder.mkdir(parents=True)
    (folder / "bad.jinja").write_text(BAD)
    return tmp_path / "mine"


def lint(*paths, **settings):
    return lint_templates(LintRequest(tuple(paths), **settings))


def wheres(result):
    return {(fault.where or "").rpartition("/")[2]: fault.what for fault in result.faults}


ALL = {
    "bad.jinja:5": "template uses an unknown field 'wrod'",
    "bad.jinja:7": "the phrasing leaves out 'letter', which the answer depends on",
    "bad.jinja:9": "the phrasing changes or drops 'word', which the answer depends on",
    "bad.jinja:11": "not a valid template: unexpected end of template, expected 'end of print statement'.",
    "bad.jinja:13": "a phrasing may not call anything",
}


def test_what_is_packaged_has_no_fault():
    result = lint()
    assert result.faults == ()
    assert result.n_phrasings >= 44 * 3 + 24 * 9
    assert lint(PACKAGED) == result


def test_one_task_alone():
    assert 0 < lint(task="count").n_phrasings < lint().n_phrasings
    assert lint(PACKAGED, task="count") == lint(task="count")


def test_every_fault_not_only_the_first(mine):
    result = lint(mine)
    assert {where: what.partition(" (")[0] for where, what in wheres(result).items()} == ALL
    assert result.n_phrasings == 4
    assert all(fault.hint for fault in result.faults if "valid" not in fault.what)


def test_a_folder_a_task_folder_and_a_file_give_the_same(mine, tmp_path):
    flat = tmp_path / "flat"
    flat.mkdir()
    (flat / "bad.jinja").write_text(BAD)
    places = [
        lint(mine),
        lint(mine / "en" / "count"),
        lint(mine / "en" / "count" / "bad.jinja"),
        lint(flat, task="count"),
        lint(flat / "bad.jinja", task="count"),
    ]
    assert all(wheres(result) == wheres(places[0]) for result in places)


def test_a_task_folder_given_by_a_relative_path(mine, monkeypatch):
    monkeypatch.chdir(mine / "en" / "count")
    assert wheres(lint(Path("bad.jinja"))).keys() == ALL.keys()
    assert wheres(lint(Path())).keys() == ALL.keys()


def test_likeness_to_packaged_phrasings_and_to_each_other(mine):
    (mine / "en" / "count" / "bad.jinja").write_text(
        "Count the letter '{{ letter }}' in '{{ word }}'.\n\ncount the letter {{ letter }} in {{ word }}\n\n"
        "Oh {{ word }}, how many {{ letter }} hast thou?\n\nOh {{ word }}, how many {{ letter }} hast thou\n"
    )
    found = lint(mine).faults
    assert [(fault.where.rpartition(":")[2], fault.what) for fault in found] == [
        ("1", "the phrasing is there twice"),
        ("3", "the phrasing is nearly the same as another"),
        ("7", "the phrasing is nearly the same as another"),
    ]
    assert "en/count/direct.jinja:5" in found[0].hint


def test_a_language_that_is_not_packaged_must_stand_alone(tmp_path):
    folder = tmp_path / "mine" / "it" / "position"
    folder.mkdir(parents=True)
    (folder / "direct.jinja").write_text("Qual è la {{ ordinal }} lettera di {{ word }}?")
    found = lint(tmp_path / "mine").faults
    assert [fault.where for fault in found] == [None] * 3
    assert all("no phrasing to train on" in fault.what for fault in found)


def test_a_file_without_phrasings(mine):
    (mine / "en" / "count" / "bad.jinja").write_text("{# nothing #}\n")
    (fault,) = lint(mine).faults
    assert fault.what == "there is no phrasing in the file"


def test_unknown_tasks(mine):
    (mine / "en" / "count").rename(mine / "en" / "cuont")
    (fault,) = lint(mine).faults
    assert fault.what == "there is no task 'cuont'"
    assert fault.where.endswith("en/cuont/bad.jinja")
    assert "did you mean 'count'" in fault.hint
    with pytest.raises(InputError, match="unknown task 'cuont'"):
        lint(mine, task="cuont")


def test_paths_that_say_too_little(tmp_path, mine):
    with pytest.raises(InputError, match="no such file or folder"):
        lint(tmp_path / "lost")
    with pytest.raises(InputError, match=r"has no \.jinja files"):
        lint(tmp_path)
    with pytest.raises(InputError, match=r"has no \.jinja files for spelling"):
        lint(mine, task="spelling")
    (tmp_path / "x.jinja").write_text("{{ word }}")
    with pytest.raises(InputError, match="what task these phrasings are for") as caught:
        lint(tmp_path / "x.jinja")
    assert "--task" in caught.value.hint


class Mirror(RowGenerator):
    """Asks for a word backwards."""

    name, version = "mirror", 1
    templates = ("Write {{ word }} backwards.", "And {{ wrod }}?")

    def row(self, index, rng):
        return Item(key=str(index), answer=str(index)[::-1], fields={"word": str(index)})


def test_phrasings_in_a_plugins_class(plugged):
    plugged(generators=[Mirror])
    (fault,) = lint(task="mirror").faults
    assert (fault.where, fault.what) == ("mirror.templates:2", "template uses an unknown field 'wrod'")
