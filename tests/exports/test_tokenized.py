"""Token ids: what the joiner makes of a question, one row per question, and what a DataLoader makes of that."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from tests.exports.read_back import expected, unusual, write_rows
from tests.models import build
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

from sdp.contract.exporter import ExportOptions
from sdp.errors import InputError
from sdp.exports.tokenized import Tokenized
from sdp.finetuning.collate import AnswerCollator
from sdp.finetuning.examples import encode
from sdp.models.joiner import Joiner
from sdp.models.load import load_tokenizer
from sdp.models.resolve import resolve_model


@pytest.fixture(scope="module")
def tiny():
    return Joiner(load_tokenizer(resolve_model("tiny")), "plain")


def export(folder, options, out):
    out.mkdir()
    exporter = Tokenized(options)
    files = exporter.write({"train": folder.batches("train")}, folder.schema, out)
    return exporter, pq.read_table(files[0])


def test_rows_are_the_joiner_s(folder, tiny, tmp_path):
    exporter, table = export(folder, ExportOptions(tokenizer="tiny"), tmp_path / "out")
    assert exporter.left_out == {}
    for found, row in zip(table.to_pylist(), expected(folder, "train"), strict=True):
        asked, answered = tiny.prompt_ids(row["prompt"]), tiny.answer_ids(row["completion"])
        assert found == {
            "id": row["id"],
            "input_ids": asked + answered,
            "labels": [-100] * len(asked) + answered,
            "length": len(asked) + len(answered),
            "prompt_length": len(asked),
        }


def test_the_batch_of_a_data_loader_is_the_one_of_sdp_finetune(folder, tiny, tmp_path):
    """Padded as documented, and by the collator that trains: not one number differs."""
    _, table = export(folder, ExportOptions(tokenizer="tiny"), tmp_path / "out")

    def collate(rows):
        ids, labels = ([torch.tensor(row[name]) for row in rows] for name in ("input_ids", "labels"))
        return pad_sequence(ids, True, 1), pad_sequence(labels, True, -100)

    loader = DataLoader(table.to_pylist(), batch_size=16, collate_fn=collate)
    rows = expected(folder, "train")
    examples = encode([row["prompt"] for row in rows], [row["completion"] for row in rows], tiny)
    trained = DataLoader(examples, batch_size=16, collate_fn=AnswerCollator(1, keeps_logits=False))
    for (ids, labels), batch in zip(loader, trained, strict=True):
        assert torch.equal(ids, batch["input_ids"])
        assert torch.equal(labels, batch["labels"])


def test_the_file_says_how_it_was_made(folder, tmp_path):
    options = ExportOptions(tokenizer="tiny", prompt_format="human-assistant", system="Be brief")
    _, table = export(folder, options, tmp_path / "out")
    made_with = json.loads(table.schema.metadata[b"sdp"])
    assert made_with.pop("sdp")
    assert made_with == {
        "tokenizer": "tiny", "prompt_format": "human-assistant", "system": "Be brief", "max_length": 512,
    }  # fmt: skip
    tokenizer = load_tokenizer(resolve_model("tiny"))
    row = table.to_pylist()[0]
    asked = tokenizer.decode(row["input_ids"][: row["prompt_length"]])
    assert asked.startswith("<system>: Be brief\n<human>: ")


def test_a_chat_template_is_used_where_there_is_one(folder, tmp_path):
    made = build.tokenizer(chat=True)
    made.save_pretrained(tmp_path / "chat")
    _, table = export(folder, ExportOptions(tokenizer=str(tmp_path / "chat")), tmp_path / "out")
    row, first = table.to_pylist()[0], expected(folder, "train")[0]
    assert made.decode(row["input_ids"][: row["prompt_length"]]) == f"<|user|>{first['prompt']}\n<|bot|>"
    assert json.loads(table.schema.metadata[b"sdp"])["tokenizer"] == "chat"


def test_what_is_too_long_is_left_out_whole_and_counted(folder, tmp_path):
    whole = export(folder, ExportOptions(tokenizer="tiny"), tmp_path / "whole")[1]
    limit = int(np.median(whole["length"]))
    exporter, table = export(folder, ExportOptions(tokenizer="tiny", max_length=limit), tmp_path / "out")
    assert table.to_pylist() == [row for row in whole.to_pylist() if row["length"] <= limit]
    assert 0 < table.num_rows < whole.num_rows
    assert exporter.left_out == {f"longer than {limit} tokens": whole.num_rows - table.num_rows}


def test_the_model_s_own_limit_counts(tmp_path):
    rows = unusual(words=["short", "l" * 3000])
    exporter = Tokenized(ExportOptions(tokenizer="tiny"))
    write_rows(exporter, {"test": rows}, tmp_path / "out")
    assert exporter.left_out == {"longer than 512 tokens": 1}
    assert pq.read_table(tmp_path / "out" / "test.parquet")["id"].to_pylist() == [rows[0]["id"]]


def test_nothing_left_is_an_error(tmp_path):
    with pytest.raises(InputError, match="all 15 rows are longer than 3 tokens") as caught:
        write_rows(Tokenized(ExportOptions(tokenizer="tiny", max_length=3)), {"test": unusual()}, tmp_path / "out")
    assert caught.value.where == "--max-length"


def test_unusual_text_comes_back(tmp_path):
    rows = unusual(trace=True)
    write_rows(Tokenized(ExportOptions(tokenizer="tiny")), {"test": rows}, tmp_path / "out")
    tokenizer = load_tokenizer(resolve_model("tiny"))
    for found, row in zip(pq.read_table(tmp_path / "out" / "test.parquet").to_pylist(), rows, strict=True):
        asked, answered = np.split(found["input_ids"], [found["prompt_length"]])
        assert tokenizer.decode(asked) == f"{row['prompt']}\n"
        assert tokenizer.decode(answered, skip_special_tokens=True) == row["completion"]
        assert answered[-1] == tokenizer.eos_token_id == found["labels"][-1]


def test_many_rows_in_one_batch(tiny, tmp_path):
    """More than are tokenised at a time; the places in the flat arrays go on."""
    from sdp.exports import tokenized

    rows = unusual(words=[f"{number} " * (number % 7) + "x" for number in range(40)])
    before, tokenized.PIECE = tokenized.PIECE, 3
    try:
        write_rows(Tokenized(ExportOptions(tokenizer="tiny")), {"test": rows}, tmp_path / "out")
    finally:
        tokenized.PIECE = before
    found = pq.read_table(tmp_path / "out" / "test.parquet")
    wanted = [tiny.prompt_ids(row["prompt"]) + tiny.answer_ids(row["completion"]) for row in rows]
    assert found["input_ids"].to_pylist() == wanted


def test_the_same_bytes_twice(tmp_path):
    for place in ("a", "b"):
        write_rows(Tokenized(ExportOptions(tokenizer="tiny")), {"test": unusual()}, tmp_path / place)
    assert (tmp_path / "a" / "test.parquet").read_bytes() == (tmp_path / "b" / "test.parquet").read_bytes()


def test_without_a_tokenizer():
    with pytest.raises(InputError, match="token ids of which model"):
        Tokenized()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("empty", "not a tokenizer folder"),
        ("file", "is a file"),
        ("./nowhere", "is not there"),
        ("broken", "cannot load"),
    ],
)
def test_a_folder_that_is_no_tokenizer(name, what, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "tokenizer.json").write_text("{")
    with pytest.raises(InputError, match=what):
        write_rows(Tokenized(ExportOptions(tokenizer=name)), {"test": unusual()}, tmp_path / "out")
