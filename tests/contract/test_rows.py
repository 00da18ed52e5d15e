"""The row: one schema for Arrow, JSON and Python."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sdp.contract.rows import COLUMNS, SPLITS, Row, id_to_text, row_schema

GOOD = {
    "id": "00000000000000ff",
    "task": "spelling",
    "split": "train",
    "prompt": "Spell 'cat'.",
    "answer": "c-a-t",
    "completion": "c-a-t",
    "key": "cat",
    "family": "cat",
    "template": "0123456789abcdef",
    "meta": {"length": 3, "held_out_phrasing": False, "share": 0.5, "letter": None},
}


def test_the_schema_is_the_table_of_the_architecture():
    schema = row_schema(pa.struct([("length", pa.int32())]))
    text = pa.dictionary(pa.int32(), pa.string())
    assert [(field.name, field.type, field.nullable) for field in schema] == [
        ("id", pa.uint64(), False),
        ("task", text, False),
        ("split", text, False),
        ("prompt", pa.string(), False),
        ("answer", text, False),
        ("completion", text, False),
        ("key", text, False),
        ("family", text, False),
        ("template", text, False),
        ("meta", pa.struct([("length", pa.int32())]), False),
    ]


def test_the_pydantic_row_has_the_same_columns():
    assert list(Row.model_fields) == [*dict(COLUMNS), "meta"]
    assert SPLITS == ("train", "validation", "test")


def test_a_row_keeps_the_types_of_its_meta():
    meta = Row(**GOOD).meta
    assert meta == GOOD["meta"]
    assert [type(value) for value in meta.values()] == [int, bool, float, type(None)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": 255},
        {"id": "FF"},
        {"split": "dev"},
        {"prompt": ""},
        {"answer": ""},
        {"completion": ""},
        {"key": ""},
        {"template": "x"},
        {"surplus": 1},
        {"meta": {"list": [1]}},
    ],
)
def test_what_is_no_row_is_refused(wrong):
    with pytest.raises(ValidationError):
        Row(**(GOOD | wrong))


@given(st.integers(0, 2**64 - 1))
def test_ids_go_to_text_and_back(value):
    text = id_to_text(value)
    assert len(text) == 16
    assert int(text, 16) == value
    assert Row(**(GOOD | {"id": text})).id == text
