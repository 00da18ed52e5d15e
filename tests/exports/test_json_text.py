"""JSON text of columns: what Python's json says of each row."""

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdp.contract.rows import DICTIONARY, id_to_text
from sdp.exports import json_text
from sdp.exports.json_text import json_lines

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
META = {"n": pa.int32(), "held": pa.bool_(), "word": DICTIONARY, "t": pa.string()}
TYPES = {
    "id": pa.uint64(), "task": DICTIONARY, "k": pa.int64(), "prompt": pa.string(),
    "answer": DICTIONARY, 'é"': DICTIONARY, "x": pa.float64(),
    "meta": pa.struct(list(META.items())), "l": pa.list_(pa.string()),
}  # fmt: skip
ROWS = st.fixed_dictionaries(
    {
        "id": st.integers(0, 2**64 - 1),
        "task": st.just("count"),
        "k": st.none() | st.integers(0, 40) | st.integers(-(2**63), 2**63 - 1),
        "prompt": TEXTS,
        "answer": st.none() | TEXTS,
        'é"': TEXTS,
        "x": st.none() | st.floats(allow_nan=False),
        "meta": st.none()
        | st.fixed_dictionaries(
            {
                "n": st.none() | st.integers(-9, 9),
                "held": st.booleans(),
                "word": st.none() | TEXTS,
                "t": st.none() | TEXTS,
            }
        ),
        "l": st.lists(TEXTS, max_size=2),
    }
)


@pytest.mark.parametrize("at_a_time", [3, json_text.SLICE])
@pytest.mark.parametrize("few", [1, 6, json_text.FEW])
def test_columns_say_what_python_s_json_says_of_each_row(monkeypatch, few, at_a_time):
    """However few dictionaries are united, and however few rows are joined at a time."""
    monkeypatch.setattr(json_text, "FEW", few)
    monkeypatch.setattr(json_text, "SLICE", at_a_time)
    compare()


@settings(max_examples=60)
@given(st.lists(ROWS, max_size=8), st.integers(0, 3))
def compare(rows, skip):
    batch = pa.RecordBatch.from_pylist(rows, schema=pa.schema(list(TYPES.items()))).slice(skip)
    each = [row | {"id": id_to_text(row["id"])} for row in batch.to_pylist()]
    expected = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in each)
    assert b"".join(json_lines(batch)).decode() == expected
