"""Rows are found inside wrappers and read one by one; a document that is broken is refused with its line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.importing.json_documents import choose, outline, read_json

ROWS = [{"q": "a\n[{", "n": [1, {"x": 2}]}, {"q": "ü🦊"}]


def cut(text, size):
    data = text.encode()
    return [data[at : at + size] for at in range(0, len(data), size)]


def rows(text, size=11, wanted=None, longest=1 << 20):
    paths = choose(outline(cut(text, size), "file", longest), "file", wanted)
    chunks = list(read_json(cut(text, size), "file", longest, paths))
    return [(chunk.split, record.line, record.fields) for chunk in chunks for record in chunk.records]


@pytest.mark.parametrize(
    "document",
    [
        ROWS,
        {"examples": ROWS},
        {"version": 1, "data": {"name": "x", "rows": ROWS}, "end": None},
        {"meta": {"a": [1, 2]}, "data": ROWS},
        {"data": {"1": {"q": "a\n[{", "n": 1}, "2": {"q": "ü🦊"}}},
    ],
    ids=["list", "wrapper", "deep", "beside", "by name"],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_rows_in_wrappers(document, indent, size):
    found = rows(json.dumps(document, indent=indent, ensure_ascii=False), size)
    assert [fields["q"] for _, _, fields in found] == ["a\n[{", "ü🦊"]


@settings(max_examples=40)
@given(
    st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=4), min_size=1), max_size=6),
    st.integers(1, 40),
)
def test_a_list_is_what_json_says(objects, size):
    text = json.dumps(objects)
    if objects:
        assert [fields for _, _, fields in rows(text, size)] == objects


def test_lines_are_those_of_the_file():
    assert [line for _, line, _ in rows('{"rows": [\n{"a": 1},\n\n {"a":\n 2},{"a": 3}\n]}')] == [2, 4, 5]


def test_lists_named_like_splits_are_splits():
    found = rows(json.dumps({"train": [{"a": 1}], "dev": [{"a": 2}], "test": [{"a": 3}]}))
    assert [(split, fields["a"]) for split, _, fields in found] == [("train", 1), ("dev", 2), ("test", 3)]


def test_several_lists_are_asked_about():
    text = json.dumps({"authors": [{"a": 1}], "papers": [{"a": 2}]})
    with pytest.raises(InputError, match="authors, papers") as caught:
        rows(text)
    assert "--records" in caught.value.hint
    assert [fields["a"] for _, _, fields in rows(text, wanted="papers")] == [2]
    with pytest.raises(InputError, match="paper") as caught:
        rows(text, wanted="paper")
    assert "did you mean 'papers'" in caught.value.hint


def test_a_usual_name_wins():
    assert [fields["a"] for _, _, fields in rows(json.dumps({"authors": [{"a": 1}], "examples": [{"a": 2}]}))] == [2]


@pytest.mark.parametrize("text", ["[]", "{}", "[1, 2]", '{"a": 1, "b": [[1]]}', "7"])
def test_no_rows(text):
    if text.startswith('{"a"'):
        assert [fields for _, _, fields in rows('{"a": 1}')] == [{"a": 1}]
        return
    with pytest.raises(InputError, match="no list of objects"):
        rows(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"examples": [\n {"a": 1},\n {"a', 3),
        ('{"examples": [\n {"a": 1},\n', 3),
        ('[\n{"a": 1}', 2),
        ('{"examples"', 1),
        ('[{"a": tru', 1),
    ],
)
@pytest.mark.parametrize("size", [3, 1000])
def test_a_document_that_was_cut_off(text, line, size):
    with pytest.raises(InputError, match="not JSON") as caught:
        rows(text, size)
    assert caught.value.where == f"file:{line}"


def test_cut_off_is_said_to_be_that():
    with pytest.raises(InputError, match="ends in the middle"):
        rows('[{"a": 1}, {"a": "x')


@pytest.mark.parametrize("text", ['[{"a": 1} {"a": 2}]', '[{"a": 1}] x', '{"a": [1] "b": 2}', "{a: 1}", '[{"a": 1},]'])
def test_a_document_that_is_no_json(text):
    with pytest.raises(InputError, match="not JSON"):
        rows(text)


def test_bytes_that_are_not_utf_8():
    with pytest.raises(InputError, match="not UTF-8") as caught:
        outline([b'[{"a": 1},\n', b'{"a": "Stra\xdfe"}]'], "file", 1 << 20)
    assert caught.value.where == "file:2"


def test_one_huge_value_is_refused_before_it_is_read():
    asked = []

    def endless():
        yield b'[{"a": 1},\n{"a": "'
        while True:
            asked.append(1)
            yield b"x" * 10_000

    with pytest.raises(InputError, match="longer than") as caught:
        outline(endless(), "file", 100_000)
    assert caught.value.where == "file:2"
    assert len(asked) < 40


def test_rows_that_hold_lists_and_stand_under_names_are_refused_not_cut():
    with pytest.raises(InputError, match="no list"):
        rows(json.dumps({"data": {"1": {"q": "a", "choices": ["x"]}, "2": {"q": "b", "choices": ["y"]}}}))


def test_nested_too_deeply():
    with pytest.raises(InputError, match="nested"):
        rows('[{"a": ' + "[" * 200_000)


def test_a_number_of_thousands_of_digits():
    with pytest.raises(InputError, match="a number has thousands of digits") as caught:
        outline([b'[{"a": 1},\n{"a": ', b"1" * 5000, b"}]"], "f", 1 << 20)
    assert caught.value.where == "f:2"
