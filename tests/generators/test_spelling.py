"""Spelling: golden rows, brute force, and an oracle that cannot be fooled."""

import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.generators.drawn import all_items, solved, table_of

from sdp.generators.spelling import SEPARATORS, Spelling, _spell

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
    assert all(item["trace"] is None for _, _, item in all_items(Spelling(), table_of(WORDS)))


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
