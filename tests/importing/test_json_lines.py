"""What `json.loads` says of each line, faster; what is no object is a fault with its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.importing.json_lines import TOGETHER, kind_of, read_json_lines

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.booleans(),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)


def read(text):
    chunks = list(read_json_lines([text.encode()], "file", 1 << 20))
    return [record for chunk in chunks for record in chunk.records], [
        fault for chunk in chunks for fault in chunk.faults
    ]


@given(st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_every_line_is_what_json_says(objects, end):
    records, faults = read(end.join(map(json.dumps, objects)))
    assert [record.fields for record in records] == objects
    assert [record.line for record in records] == list(range(1, len(objects) + 1))
    assert not faults


BROKEN = ['{"a": 1', "[1]", '"text"', "7", "nonsense", '{"a": 1}{"b": 2}', '{"a": 1},{"b": 2}', "[" * 100_000, "null"]


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_one_broken_line_among_many_is_a_fault_and_the_others_are_read(line):
    lines = [json.dumps({"n": n}) for n in range(2 * TOGETHER)]
    lines[TOGETHER + 5] = line
    records, faults = read("\n".join(lines))
    assert [fault.line for fault in faults] == [TOGETHER + 6]
    assert [record.fields["n"] for record in records] == [n for n in range(2 * TOGETHER) if n != TOGETHER + 5]


def test_the_fault_says_what_it_is_and_where():
    _, faults = read('{"a" 1}\n[1]\n"x"\n')
    assert [fault.reason for fault in faults] == [
        "the line is not JSON: Expecting ':' delimiter at column 6",
        "the line is a list, not an object",
        "the line is a text, not an object",
    ]


def test_empty_lines_are_passed_over_and_counted():
    records, faults = read('\n{"a": 1}\n  \n\n{"a": 2}\n')
    assert [(record.line, record.fields["a"]) for record in records] == [(2, 1), (5, 2)]
    assert not faults


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "nothing"),
        (True, "true or false"),
        (1.5, "a number"),
        ("x", "text"),
        ([], "a list"),
        ({}, "an object"),
        (b"", "of type bytes"),
    ],
)
def test_types_in_words(value, said):
    assert kind_of(value) == said
