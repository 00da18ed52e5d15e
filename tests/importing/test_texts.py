"""Values as text, fields by name or path, and a tally of what values were."""

import datetime as dt

import pytest

from sdp.errors import InputError
from sdp.importing.texts import Kinds, Unfit, check_fields, field_names, getter, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("", ""),
        (None, None),
        (3, "3"),
        (3.0, "3.0"),
        (1e30, "1e+30"),
        (True, "true"),
        (dt.date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_values(value, text):
    assert text_of(value, "answer") == text


@pytest.mark.parametrize(("value", "kind"), [(["a"], "a list"), ({"a": 1}, "an object")])
def test_what_is_no_text(value, kind):
    with pytest.raises(Unfit, match=f"answer is {kind}, not text"):
        text_of(value, "answer")


def test_fields_by_name_and_by_path():
    record = {"a": {"b": {"c": 1}}, "x.y": 2, "q": "t"}
    assert [getter(name)(record) for name in ("q", "a.b.c", "x.y", "a.z", "q.z", "none")] == [
        "t",
        1,
        2,
        None,
        None,
        None,
    ]


def test_names_of_all_records_each_once_and_paths():
    assert field_names([{"a": 1}, {"b": {"c": 1}, "a": 2}]) == ["a", "b", "b.c"]


def test_a_field_that_is_not_there_gets_the_near_one():
    with pytest.raises(InputError, match="--prompt names the field 'qestion'") as caught:
        check_fields({"--answer": "answer", "--prompt": "qestion"}, ["question", "answer"], "x.jsonl")
    assert caught.value.hint == "did you mean 'question'? fields are: answer, question"
    assert caught.value.where == "x.jsonl"


def test_kinds_are_told_only_where_they_are_several():
    kinds = Kinds()
    kinds.where = "f"
    kinds.note("prompt", "text", 1, 5)
    kinds.note("answer", "text", 1)
    kinds.note("answer", "a number", 7)
    kinds.note("answer", "a number", 8)
    assert kinds.notes() == ["answer: text in 1 row (first f:1) and a number in 2 rows (first f:7)"]


def test_nan_is_nothing_and_infinity_no_text():
    assert text_of(float("nan"), "answer") is None
    with pytest.raises(Unfit, match="answer is infinity"):
        text_of(float("-inf"), "answer")
