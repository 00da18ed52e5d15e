"""Folders that a user names: either layout, and an error that says what to do for anything else."""

import os

import pytest

from sdp.errors import TemplateError
from sdp.templates.folders import MAX_FILE, languages_of, layout
from sdp.templates.phrasing import load_phrasings

OWN = "Own: {{ letter }} in {{ word }}?"


@pytest.fixture
def put(tmp_path):
    """Writes files below a folder: put("en/count/own.jinja") → that folder."""

    def write(*names, content=OWN):
        for i, name in enumerate(names):
            path = tmp_path / "mine" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{content} {i}")
        return tmp_path / "mine"

    return write


def own_ones(folder, task="count", language="en"):
    return [phrasing for phrasing in load_phrasings(task, language, own=[folder]) if phrasing.text.startswith("Own")]


def refused(folder, task="count", language="en"):
    with pytest.raises(TemplateError) as caught:
        load_phrasings(task, language, own=[folder])
    return caught.value


@pytest.mark.parametrize("name", ["en/count/own.jinja", "own.jinja"])
def test_both_layouts(put, name):
    folder = put(name)
    (found,) = own_ones(folder)
    assert found.where == f"{folder.as_posix()}/{name}:1"
    assert (found.family, found.task, found.language) == ("own", "count", "en")


def test_both_layouts_in_one_folder(put):
    assert len(own_ones(put("a.jinja", "en/count/b.jinja", "de/count/c.jinja", "en/spelling/d.jinja"))) == 2


def test_own_phrasings_count_beside_packaged_ones_and_move_the_held_out_quarter_as_any_other(put):
    packaged = load_phrasings("count", "en")
    found = load_phrasings("count", "en", own=[put("own.jinja")])
    assert {phrasing.text for phrasing in packaged} < {phrasing.text for phrasing in found}
    assert sum(phrasing.held_out for phrasing in found) == len(found) // 4


def test_the_same_folder_twice_is_read_once(put):
    folder = put("own.jinja")
    assert len(load_phrasings("count", "en", [folder], own=[folder])) == len(load_phrasings("count", "en")) + 1


def test_a_folder_that_is_not_there(tmp_path):
    error = refused(tmp_path / "lost")
    assert error.what == "the template folder is not there"
    assert error.where == str(tmp_path / "lost")


def test_a_file_is_no_folder(put):
    error = refused(put("own.jinja") / "own.jinja")
    assert error.what == "a template folder is a folder, not a file"


def test_an_empty_folder(tmp_path):
    error = refused(tmp_path)
    assert error.what == "the template folder has no phrasings for 'count' in language 'en'"
    assert error.where == str(tmp_path)
    assert error.hint == f"put .jinja files into {tmp_path.as_posix()}/en/count, or right into the folder"


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (["de/count/a.jinja", "en/spelling/b.jinja"], "; it has de/count, en/spelling"),
        (["count/a.jinja"], "; the files in 'count' want a folder of their language around it"),
        (["a.txt"], "; 'a.txt' does not end in .jinja"),
        ([".a.jinja"], "; '.a.jinja' is hidden"),
    ],
)
def test_a_folder_for_something_else_says_what_it_has(put, names, hint):
    assert refused(put(*names)).hint.endswith(hint)


def test_plugins_folders_need_not_have_every_task(put):
    folder = put("de/count/a.jinja")
    assert load_phrasings("count", "en", [folder]) == load_phrasings("count", "en")


def test_bytes_that_are_not_text_name_the_line(put):
    folder = put("a.jinja")
    (folder / "a.jinja").write_bytes(b"{{ word }} {{ letter }}\n\nna\xefve {{ word }} {{ letter }}")
    assert refused(folder).where == f"{folder.as_posix()}/a.jinja:3"


def test_a_huge_file_is_not_read(put):
    folder = put("a.jinja")
    (folder / "a.jinja").write_text("x" * (MAX_FILE + 1))
    assert "more than 1,000,000 bytes" in refused(folder).what


def test_a_pipe_is_not_waited_for(put):
    folder = put("a.jinja")
    os.mkfifo(folder / "b.jinja")
    assert refused(folder).what == "the template file is no ordinary file"


def test_a_folder_called_like_a_file(put):
    folder = put("a.jinja")
    (folder / "b.jinja").mkdir()
    assert refused(folder).what == "the template file is no ordinary file"


@pytest.mark.parametrize(
    "text",
    [
        "{{ word.__class__ }} {{ letter }}",
        "{% for a in word %}" * 5 + "x" + "{% endfor %}" * 5 + "{{ word }}{{ letter }}",
        "{{ word * 1000000000 }} {{ letter }}",
    ],
)
def test_a_folder_from_a_stranger_does_no_harm(put, text):
    from sdp.templates.lint import check

    folder = put("a.jinja", content=text)
    with pytest.raises(TemplateError) as caught:
        check(load_phrasings("count", "en", own=[folder]), [frozenset({"word", "letter"})])
    assert caught.value.where == f"{folder.as_posix()}/a.jinja:1"


def test_what_lies_where(put):
    assert layout(put("de/count/a.jinja", "en/spelling/b.jinja", "c.jinja", "x/y/z/d.jinja")) == [
        ("de", "count"),
        ("en", "spelling"),
    ]
    assert languages_of("position") == ["de", "en", "es", "fr"]
    assert languages_of("nothing") == []
