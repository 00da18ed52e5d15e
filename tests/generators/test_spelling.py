"""Spelling: golden rows, brute force, and an oracle that cannot be fooled."""

import pyarrow as pa
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.generators.drawn import all_items, solved, table_of

from sdp.contract.options import TaskOptions
from sdp.generators.spelling import NAMES, SEPARATORS, Spelling, _spell

WORDS = ["straw", "see", "café", "Straße"]


def test_golden_rows_of_version_1():
    assert Spelling.version == 1
    found = {(name, item["word"]): item["answer"] for name, _, item in all_items(Spelling(), table_of(WORDS))}
    assert found == {
        ("hyphens", "straw"): "s-t-r-a-w",
        ("hyphens", "see"): "s-e-e",
        ("hyphens", "café"): "c-a-f-é",
        ("hyphens", "Straße"): "S-t-r-a-ß-e",
        ("spaces", "straw"): "s t r a w",
        ("spaces", "see"): "s e e",
        ("spaces", "café"): "c a f é",
        ("spaces", "Straße"): "S t r a ß e",
        ("commas", "straw"): "s, t, r, a, w",
        ("commas", "see"): "s, e, e",
        ("commas", "café"): "c, a, f, é",
        ("commas", "Straße"): "S, t, r, a, ß, e",
        ("slashes", "straw"): "s/t/r/a/w",
        ("slashes", "see"): "s/e/e",
        ("slashes", "café"): "c/a/f/é",
        ("slashes", "Straße"): "S/t/r/a/ß/e",
        ("dots", "straw"): "s.t.r.a.w",
        ("dots", "see"): "s.e.e",
        ("dots", "café"): "c.a.f.é",
        ("dots", "Straße"): "S.t.r.a.ß.e",
    }


def test_the_trace_of_a_spelling_would_be_the_answer_so_there_is_none():
    assert not any("trace" in item for _, _, item in all_items(Spelling(), table_of(WORDS)))


def test_lengths_are_letters():
    assert {item["word"]: item["length"] for _, _, item in all_items(Spelling(), table_of(WORDS))} == {
        "straw": 5,
        "see": 3,
        "café": 4,
        "Straße": 6,
    }


def test_the_oracle_agrees_and_notices_every_wrong_letter():
    items = [item for _, _, item in all_items(Spelling(), table_of(WORDS))]
    answers = [item["answer"] for item in items]
    assert solved(Spelling(), items) == answers
    for item, answer in zip(items, answers, strict=True):
        for other in {w for w in WORDS if w != item["word"]}:
            assert solved(Spelling(), [item | {"word": other}]) != [answer]
        for name in SEPARATORS.keys() - {item["separator"]}:
            assert solved(Spelling(), [item | {"separator": name}]) != [answer]


def test_the_oracle_has_no_answer_to_a_separator_it_does_not_know():
    asked = [{"word": "straw", "separator": name} for name in ("tabs", "Bindestrichen", None, "hyphens")]
    assert solved(Spelling(), asked) == [None, None, None, "s-t-r-a-w"]


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_separators_are_called_as_the_language_calls_them(language):
    task = Spelling(TaskOptions(language=language))
    items = [item for _, _, item in all_items(task, table_of(WORDS, language))]
    assert {item["separator"] for item in items} == set(NAMES[language])
    english = {item["answer"] for _, _, item in all_items(Spelling(), table_of(WORDS))}
    assert {item["answer"] for item in items} == english
    assert solved(task, items) == [item["answer"] for item in items]
    called = dict(zip(NAMES[language], SEPARATORS.values(), strict=True))
    assert all(called[item["separator"]].join(regex.findall(r"\X", item["word"])) == item["answer"] for item in items)


def test_few_rows_of_many_words_are_answered_like_many():
    """Only what is asked for is worked out, unless nearly everything is; both ways, and what was remembered."""
    words = [f"{a}{b}{c}é" for a in "abcdefgh" for b in "aeiou" for c in "rstuvw"]
    dictionary = pa.array(words)
    task = Spelling()

    def ask(rows):
        word = pa.DictionaryArray.from_arrays(pa.array(rows, pa.int32()), dictionary)
        names = [list(SEPARATORS)[(row or 0) % 5] for row in rows]
        separator = pa.array(names).dictionary_encode()
        wanted = [
            None if row is None else SEPARATORS[name].join(words[row]) for row, name in zip(rows, names, strict=True)
        ]
        assert task.solve_table(pa.table({"key": word, "word": word, "separator": separator})).to_pylist() == wanted

    few, many = [7, None, 239, 0, 7], [*range(240)] * 6
    for rows in (few, [3], few, many, few, [None], []):
        ask(rows)


def test_the_names_are_those_that_phrasings_were_written_for():
    assert NAMES["en"] == ("hyphens", "spaces", "commas", "slashes", "dots")
    assert NAMES["de"] == ("Bindestrichen", "Leerzeichen", "Kommas", "Schrägstrichen", "Punkten")
    assert NAMES["fr"] == ("des tirets", "des espaces", "des virgules", "des barres obliques", "des points")
    assert NAMES["es"] == ("guiones", "espacios", "comas", "barras", "puntos")


@given(st.text(alphabet=st.characters(categories=["L", "M"]), min_size=1, max_size=20))
def test_the_oracle_s_regular_expression_is_a_join_of_clusters(word):
    for separator in SEPARATORS.values():
        assert _spell(word, separator) == separator.join(regex.findall(r"\X", word))


def test_the_pattern_takes_answers_and_nothing_else():
    pattern = regex.compile(Spelling.answer_pattern)
    for _, _, item in all_items(Spelling(), table_of(WORDS)):
        assert pattern.fullmatch(item["answer"])
    for wrong in ("straw", "s-t r-a-w", "s--t", "s-t-", "-s-t", "s,t", "The letters are s-t", "s-t-r\n", ""):
        assert not pattern.fullmatch(wrong), wrong
