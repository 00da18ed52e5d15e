"""Reading phrasings from files, folders and classes."""

import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import TemplateError
from sdp.templates.phrasing import load_phrasings, text_hash


@pytest.fixture
def folder(tmp_path):
    """Writes a family into a template folder of its own."""

    def write(content, family="a", language="en", task="mirror"):
        place = tmp_path / "made" / language / task
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{family}.jinja").write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "made"

    return write


def test_paragraphs_comments_and_lines(folder):
    root = folder(
        "{# Comment. #}\n\n  One {{ word }}.\n\n\n{# several\nlines #}\n \t\nTwo\n{{ word }}.\n{# close by #}\nThree.\n"
    )
    found = {phrasing.line: phrasing.text for phrasing in load_phrasings("mirror", "en", [root])}
    assert found == {3: "One {{ word }}.", 9: "Two\n{{ word }}.", 12: "Three."}


def test_where_names_file_and_line(folder):
    root = folder("\n\nOne {{ word }}.")
    (phrasing,) = load_phrasings("mirror", "en", [root])
    assert phrasing.where == f"{root.as_posix()}/en/mirror/a.jinja:3"
    assert load_phrasings("spelling", "en")[0].where.startswith("en/spelling/")


def test_inline_counts_beside_files(folder):
    found = load_phrasings("mirror", "en", [folder("One {{ word }}.")], ("Two {{ word }}.", " Three {{ word }}.\n"))
    assert {phrasing.text: phrasing.where.rsplit("/")[-1] for phrasing in found} == {
        "One {{ word }}.": "a.jinja:1",
        "Two {{ word }}.": "mirror.templates:1",
        "Three {{ word }}.": "mirror.templates:2",
    }


def test_a_folder_adds_to_the_packaged_ones(folder):
    packaged = load_phrasings("count", "en")
    more = load_phrasings("count", "en", [folder("Own: {{ letter }} in {{ word }}?", task="count")])
    assert len(more) == len(packaged) + 1
    assert {phrasing.hash for phrasing in packaged} < {phrasing.hash for phrasing in more}


def test_other_languages_and_tasks_stay_out(folder):
    folder("Eins {{ word }}.", language="de")
    folder("Other {{ word }}.", task="other")
    root = folder("One {{ word }}.")
    assert [phrasing.text for phrasing in load_phrasings("mirror", "en", [root])] == ["One {{ word }}."]


@pytest.mark.parametrize("raw", ["A {{ word }}\r\nb\r\n\r\nC {{ word }}\r\n", "\ufeffA {{ word }}\nb\n\nC {{ word }}"])
def test_windows_files_give_the_same_hashes(folder, raw):
    found = {phrasing.hash for phrasing in load_phrasings("mirror", "en", [folder(raw)])}
    assert found == {text_hash("A {{ word }}\nb"), text_hash("C {{ word }}")}


def test_only_line_feeds_end_a_line(folder):
    root = folder("A\u2028\u2028{{ word }}\n\nB\x0c{{ word }}")
    found = {phrasing.line: phrasing.text for phrasing in load_phrasings("mirror", "en", [root])}
    assert found == {1: "A\u2028\u2028{{ word }}", 3: "B\x0c{{ word }}"}


@given(st.sets(st.text("abcdefghij ?", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=30))
def test_a_quarter_is_held_out_whatever_the_order(made):
    one, other = (load_phrasings("made_up", "en", inline=order) for order in (sorted(made), sorted(made, reverse=True)))
    assert [(p.hash, p.held_out) for p in one] == [(p.hash, p.held_out) for p in other]
    assert sum(p.held_out for p in one) == len(made) // 4
    assert max((p.hash for p in one if p.held_out), default="") < min(p.hash for p in one if not p.held_out)


@pytest.mark.parametrize("again", ["One {{ word }}.", "One {{word}}.", "One {{ word }}{{ '.' }}"])
def test_saying_the_same_twice_is_an_error(folder, again):
    root = folder(f"One {{{{ word }}}}.\n\n{again}")
    with pytest.raises(TemplateError, match="twice") as caught:
        load_phrasings("mirror", "en", [root])
    assert caught.value.where.endswith("a.jinja:3")
    assert "a.jinja:1" in caught.value.hint


def test_no_phrasing_at_all():
    with pytest.raises(TemplateError, match="no phrasings for 'spelling' in language 'tlh'") as caught:
        load_phrasings("spelling", "tlh")
    assert "<folder>/tlh/spelling/" in caught.value.hint
    assert "languages are: de, en, es, fr" in caught.value.hint


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(TemplateError, match="not there") as caught:
        load_phrasings("spelling", "en", [tmp_path / "lost"])
    assert caught.value.where == str(tmp_path / "lost")


def test_file_that_is_not_text(folder):
    with pytest.raises(TemplateError, match="cannot be read") as caught:
        load_phrasings("mirror", "en", [folder(b"\xff\xfe{{ word }}")])
    assert caught.value.where.endswith("en/mirror/a.jinja:1")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{{ word", 3),
        ("Fine {{ word }}\nbut {% if %}", 4),
        ("{{ word }}\n\n{# lost", 5),
        ("{{ word | }}", 3),
        ("{{ 1 + }}", 3),
    ],
)
def test_syntax_errors_name_file_and_line(folder, text, line):
    with pytest.raises(TemplateError, match="not a valid template") as caught:
        load_phrasings("mirror", "en", [folder(f"First {{{{ word }}}}.\n\n{text}\n")])
    assert caught.value.where.endswith(f"a.jinja:{line}")


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_phrasing_is_an_error(text):
    with pytest.raises(TemplateError, match="empty"):
        load_phrasings("mirror", "en", inline=["{{ word }}", text])


def test_a_family_is_named_after_its_file(folder):
    found = load_phrasings("mirror", "en", [folder("One {{ word }}.", family="polite")], ["Two {{ word }}."])
    assert {phrasing.text: phrasing.family for phrasing in found} == {
        "One {{ word }}.": "polite",
        "Two {{ word }}.": "inline",
    }


def test_segments_are_read_once_and_as_jinja_reads_them(folder):
    root = folder("A {{ word }}{{ '!' }}\n\nB {{ word|upper }}\n\n{{ word }}: {{ letter }}")
    for phrasing in load_phrasings("mirror", "en", [root]):
        assert phrasing.segments == phrasing.parsed().segments


def trace_and_others(folder, n_others=9, n_trace=5):
    folder("\n\n".join(f"Steps {i}: {{{{ word }}}}" for i in range(n_trace)), family="trace")
    return folder("\n\n".join(f"Ask {i}: {{{{ word }}}}" for i in range(n_others)), family="direct")


def test_the_family_trace_goes_with_the_style_of_that_name(folder):
    root = trace_and_others(folder)
    direct = load_phrasings("mirror", "en", [root])
    traced = load_phrasings("mirror", "en", [root], style="trace")
    assert {phrasing.family for phrasing in direct} == {"direct"}
    assert {phrasing.family for phrasing in traced} == {"direct", "trace"}
    assert [phrasing for phrasing in traced if phrasing.family != "trace"] == list(direct)
    assert [phrasing.hash for phrasing in traced] == sorted(phrasing.hash for phrasing in traced)


@pytest.mark.parametrize(("n_others", "n_trace"), [(9, 5), (8, 3), (3, 8)])
def test_the_family_trace_has_a_held_out_quarter_of_its_own(folder, n_others, n_trace):
    found = load_phrasings("mirror", "en", [trace_and_others(folder, n_others, n_trace)], style="trace")
    for is_trace, n in [(False, n_others), (True, n_trace)]:
        group = sorted((p.hash, p.held_out) for p in found if (p.family == "trace") is is_trace)
        assert [held_out for _, held_out in group] == [i < n // 4 for i in range(n)]


def test_a_task_with_worked_steps_alone_cannot_be_asked_directly(folder):
    root = folder("Steps: {{ word }}", family="trace")
    assert len(load_phrasings("mirror", "en", [root], style="trace")) == 1
    with pytest.raises(TemplateError, match="no phrasings for 'mirror'"):
        load_phrasings("mirror", "en", [root])


def test_a_phrasing_may_not_stand_in_trace_and_elsewhere(folder):
    folder("One {{ word }}.", family="trace")
    with pytest.raises(TemplateError, match="twice"):
        load_phrasings("mirror", "en", [folder("One {{ word }}.", family="direct")])


def test_phrasings_travel_to_other_processes():
    found = load_phrasings("position", "en")
    assert pickle.loads(pickle.dumps(found)) == found


def test_order_does_not_depend_on_the_hash_seed():
    script = (
        "from sdp.templates.phrasing import load_phrasings as load; from sdp.templates.pools import pool\n"
        "print([(p.hash, p.where) for p in load('position', 'en')], pool('en', 'name'), pool('en', 'place'))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "12"
    }
    assert len(outputs) == 1
