"""JSON Lines: read back equal with json, and row by row with the pydantic model."""

import json

from tests.exports.read_back import expected, write

from sdp.contract.rows import Row, id_to_text
from sdp.exports.jsonl import Jsonl


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


def test_lines_stand_in_the_order_of_the_rows_whichever_thread_is_done_first(folder, tmp_path):
    rows = [row["id"] for row in expected(folder, "train")]
    batches = list(folder.batches("train"))
    pieces = [batch.slice(at, 1) for batch in batches for at in range(batch.num_rows)]
    Jsonl().write({"train": iter(pieces)}, folder.schema, tmp_path)
    lines = (tmp_path / "train.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [id_to_text(one) for one in rows]
