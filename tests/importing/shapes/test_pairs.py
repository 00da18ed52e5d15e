"""One question, one answer."""

import pytest

from sdp.importing.shapes.draft import Draft
from sdp.importing.shapes.pairs import Alpaca, Pairs
from sdp.importing.texts import Kinds, Unfit


def test_fields_paths_and_joined_fields():
    shape = Pairs("fields", "a+b.c", "d", None, Kinds())
    assert shape.drafts({"a": "one", "b": {"c": "two"}, "d": 3}, 1) == [Draft("one\n\ntwo", "3")]
    assert shape.drafts({"a": "one", "b": {"c": " "}, "d": False}, 1) == [Draft("one", "false")]


def test_reasoning():
    assert Pairs("fields", "q", "a", "r", Kinds()).drafts({"q": "x", "a": "y", "r": "z"}, 1) == [Draft("x", "y", "z")]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"q": "x"}, "no answer"),
        ({"q": " ", "a": "y"}, "no prompt"),
        ({"q": "x", "a": ["y"]}, "answer is a list, not text"),
    ],
)
def test_records_that_do_not_fit(record, why):
    with pytest.raises(Unfit, match=why):
        Pairs("fields", "q", "a", None, Kinds()).drafts(record, 1)


def test_alpaca_with_and_without_input():
    shape = Alpaca("alpaca", "instruction+input", "output", None, Kinds())
    assert shape.drafts({"instruction": "Translate.", "input": "Hund", "output": "dog"}, 1) == [
        Draft("Translate.\n\nHund", "dog")
    ]
    assert shape.drafts({"instruction": "Sing.", "input": "", "output": "La"}, 1) == [Draft("Sing.", "La")]
    with pytest.raises(Unfit, match="earlier turns"):
        shape.drafts({"instruction": "x", "output": "y", "history": [["a", "b"]]}, 1)


RECORDS = [{"q": "one", "a": "1"}, {"q": "two", "a": "2"}]


def test_many_at_once_are_the_same_as_one_by_one():
    shape = Pairs("fields", "q", "a", None, Kinds())
    prompts, answers = shape.columns(RECORDS, 1)
    assert [Draft(*pair) for pair in zip(prompts, answers, strict=True)] == [
        draft for one in RECORDS for draft in shape.drafts(one, 1)
    ]


@pytest.mark.parametrize("odd", [{"q": "x", "a": 1}, {"q": "x"}, {"q": " ", "a": "y"}, {"q": ["x"], "a": "y"}])
def test_one_odd_record_sends_all_of_them_one_by_one(odd):
    assert Pairs("fields", "q", "a", None, Kinds()).columns([*RECORDS, odd], 1) is None
