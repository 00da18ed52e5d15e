"""JSON Lines: read back equal with json, and row by row with the pydantic model."""

import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from tests.exports.read_back import expected, write

from sdp.contract.rows import DICTIONARY, Row, id_to_text
from sdp.exports.jsonl import Jsonl, json_lines


def test_read_back_equal(folder, tmp_path):
    assert write(Jsonl, folder, tmp_path / "out") == ["train.jsonl", "test.jsonl"]
    for split in ("train", "test"):
        text = (tmp_path / "out" / f"{split}.jsonl").read_bytes().decode()
        lines = text.removesuffix("\n").split("\n")
        wanted = [row | {"id": id_to_text(row["id"])} for row in expected(folder, split)]
        assert [json.loads(line) for line in lines] == wanted
        assert [Row.model_validate_json(line).model_dump() for line in lines] == wanted


def test_letters_are_letters_and_ids_are_text(folder, tmp_path):
    write(Jsonl, folder, tmp_path / "out")
    text = (tmp_path / "out" / "train.jsonl").read_text(encoding="utf-8")
    assert "\\u" not in text
    assert "straße" in text
    assert len(json.loads(text.splitlines()[0])["id"]) == 16


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
META = {"n": pa.int32(), "held": pa.bool_(), "word": DICTIONARY, "t": pa.string()}
TYPES = {
    "id": pa.uint64(), "prompt": pa.string(), "answer": DICTIONARY, 'é"': DICTIONARY, "x": pa.float64(),
    "meta": pa.struct(list(META.items())), "l": pa.list_(pa.string()),
}  # fmt: skip
ROWS = st.fixed_dictionaries(
    {
        "id": st.integers(0, 2**64 - 1),
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


@given(st.lists(ROWS, max_size=8), st.integers(0, 3))
def test_columns_say_what_python_s_json_says_of_each_row(rows, skip):
    batch = pa.RecordBatch.from_pylist(rows, schema=pa.schema(list(TYPES.items()))).slice(skip)
    each = [row | {"id": id_to_text(row["id"])} for row in batch.to_pylist()]
    expected = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in each)
    assert bytes(json_lines(batch)).decode() == expected
