"""The phrasings that ship: enough of them, short, clear, and well spread over training and held-out."""

import re
from collections import Counter
from hashlib import blake2b
from pathlib import Path

import pytest

import sdp.templates
from sdp.templates.lint import check
from sdp.templates.phrasing import load_phrasings

EN = Path(sdp.templates.__file__).parent / "en"
STRATA = {
    "spelling": {"all": {"word", "separator"}},
    "position": {
        "ordinal_start": {"word", "ordinal"},
        "ordinal_end": {"word", "ordinal_from_end"},
        "number_start": {"word", "number", "base"},
        "number_end": {"word", "number_from_end", "base"},
    },
    "count": {"all": {"word", "letter"}},
}
CASES = [(task, name) for task, strata in STRATA.items() for name in strata]
FEWEST = {"spelling": 20, "position": 6, "count": 20}


def texts(task):
    """Every phrasing's text, read by other means than the loader's."""
    paragraphs = [
        part.strip() for file in EN.glob(f"{task}/*.jinja") for part in re.split(r"\n\s*\n", file.read_text())
    ]
    return [text for text in paragraphs if text and not text.startswith("{#")]


def fields(text):
    return set(re.findall(r"\{\{ (\w+) \}\}", text))


def of_stratum(task, name):
    surfaces = {"name", "place", "sentence"}
    return [phrasing for phrasing in load_phrasings(task, "en") if phrasing.fields - surfaces == STRATA[task][name]]


@pytest.mark.parametrize("task", STRATA)
def test_all_files_are_read(task):
    assert sorted(phrasing.text for phrasing in load_phrasings(task, "en")) == sorted(texts(task))


@pytest.mark.parametrize("task", STRATA)
def test_the_lowest_quarter_of_hashes_is_held_out(task):
    hashes = sorted(blake2b(text.encode(), digest_size=8).hexdigest() for text in texts(task))
    held_out = {phrasing.hash for phrasing in load_phrasings(task, "en") if phrasing.held_out}
    assert held_out == set(hashes[: len(hashes) // 4])


@pytest.mark.parametrize(("task", "name"), CASES)
def test_every_kind_of_question_has_phrasings_of_both_kinds(task, name):
    found = of_stratum(task, name)
    assert len(found) >= FEWEST[task]
    assert sum(not phrasing.held_out for phrasing in found) >= 3
    assert any(phrasing.held_out for phrasing in found)


@pytest.mark.parametrize("task", STRATA)
def test_they_fit_their_task(task):
    check(load_phrasings(task, "en"), [frozenset(determining) for determining in STRATA[task].values()])


@pytest.mark.parametrize("task", STRATA)
def test_all_are_columnar_and_show_each_field_once(task):
    for phrasing in load_phrasings(task, "en"):
        shown = Counter(value for value, is_field in phrasing.parsed().segments if is_field)
        assert set(shown) == fields(phrasing.text) == phrasing.fields
        assert set(shown.values()) == {1}, phrasing.where


@pytest.mark.parametrize("task", STRATA)
def test_they_are_short(task):
    lengths = [len(re.sub(r"\{\{ \w+ \}\}", "x", text).split()) for text in texts(task)]
    assert max(lengths) <= 16
    assert sorted(lengths)[len(lengths) * 3 // 4] <= 12


@pytest.mark.parametrize("task", STRATA)
def test_personas(task):
    found = texts(task)
    assert sum(bool(fields(text) & {"name", "place", "sentence"}) for text in found) >= 4
    assert sum("sentence" in fields(text) for text in found) <= 1


@pytest.mark.parametrize("task", STRATA)
def test_none_differs_from_another_by_case_and_space_alone(task):
    plain = [" ".join(text.casefold().split()) for text in texts(task)]
    assert len(set(plain)) == len(plain)


def test_numbers_say_where_counting_begins():
    for phrasing in of_stratum("position", "number_start"):
        assert re.search(r"from \{\{ base \}\}|first letter .*\{\{ base \}\}", phrasing.text), phrasing.where
    for phrasing in of_stratum("position", "number_end"):
        assert "last" in phrasing.text, phrasing.where


@pytest.mark.parametrize(
    ("task", "text", "name"),
    [
        ("spelling", 'Spell "{{ word }}" with {{ separator }} between the letters.', "8693fe41f87e46e9"),
        ("position", 'What is the {{ ordinal }} letter of "{{ word }}"?', "58dcd511aaf4bba6"),
        ("count", "Count the letter '{{ letter }}' in '{{ word }}'.", "b74a33d1c7ae1a5e"),
    ],
)
def test_golden_hashes(task, text, name):
    # A hash is part of every id: it must never change for the same text.
    assert {phrasing.text: phrasing.hash for phrasing in load_phrasings(task, "en")}[text] == name
