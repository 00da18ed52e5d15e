"""JSON Lines in shapes that other tools know: no text changes, and the shape is exactly the one documented."""

import pyarrow as pa
import pytest
from tests.exports.read_back import expected, lines_of, unusual, write, write_rows

from sdp.contract.exporter import ExportOptions
from sdp.exports.alpaca import Alpaca
from sdp.exports.gemini import Gemini
from sdp.exports.input_output import InputOutput
from sdp.exports.messages import Messages
from sdp.exports.qa import QuestionAnswer
from sdp.exports.shaped import conversation
from sdp.exports.sharegpt import ShareGpt
from sdp.exports.trl import Trl

SYSTEM = 'Be "brief" {{ here }}\nשלום'
SHAPES = {
    Messages: lambda q, a: {"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]},
    QuestionAnswer: lambda q, a: {"question": q, "answer": a},
    InputOutput: lambda q, a: {"input_text": q, "output_text": a},
    Alpaca: lambda q, a: {"instruction": q, "input": "", "output": a},
    ShareGpt: lambda q, a: {"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]},
    Trl: lambda q, a: {"prompt": [{"role": "user", "content": q}], "completion": [{"role": "assistant", "content": a}]},
    Gemini: lambda q, a: {
        "contents": [{"role": "user", "parts": [{"text": q}]}, {"role": "model", "parts": [{"text": a}]}]
    },
}
FIRST = {
    Messages: lambda row: row["messages"].pop(0) == {"role": "system", "content": SYSTEM},
    ShareGpt: lambda row: row["conversations"].pop(0) == {"from": "system", "value": SYSTEM},
    Trl: lambda row: row["prompt"].pop(0) == {"role": "system", "content": SYSTEM},
    Gemini: lambda row: row.pop("systemInstruction") == {"role": "system", "parts": [{"text": SYSTEM}]},
}
NAMED = [pytest.param(kind, id=kind.name) for kind in SHAPES]


def wanted(kind, rows):
    made = [SHAPES[kind](row["prompt"], row["completion"]) for row in rows]
    return (
        [{"id": f"{row['id']:016x}"} | one for row, one in zip(rows, made, strict=True)] if kind is ShareGpt else made
    )


@pytest.mark.parametrize("kind", NAMED)
def test_rows_of_a_task_with_traces(kind, folder, tmp_path):
    assert write(kind, folder, tmp_path / "out") == ["train.jsonl", "test.jsonl"]
    for split in ("train", "test"):
        assert lines_of(tmp_path / "out" / f"{split}.jsonl") == wanted(kind, expected(folder, split))


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("trace", [False, True])
def test_unusual_text(kind, trace, tmp_path):
    rows = unusual(trace=trace)
    assert write_rows(kind(), {"test": rows}, tmp_path / "out") == ["test.jsonl"]
    assert lines_of(tmp_path / "out" / "test.jsonl") == wanted(kind, rows)


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name) for kind in FIRST])
def test_a_system_message_comes_first(kind, tmp_path):
    assert "system" in kind.uses
    rows = unusual()
    write_rows(kind(ExportOptions(system=SYSTEM)), {"train": rows}, tmp_path / "out")
    found = lines_of(tmp_path / "out" / "train.jsonl")
    assert all(FIRST[kind](row) for row in found)
    assert found == wanted(kind, rows)


@pytest.mark.parametrize("kind", NAMED)
def test_the_same_bytes_twice(kind, tmp_path):
    for place in ("a", "b"):
        write_rows(kind(), {"train": unusual()}, tmp_path / place)
    assert (tmp_path / "a" / "train.jsonl").read_bytes() == (tmp_path / "b" / "train.jsonl").read_bytes()


def test_turns_alternate():
    turns = [("s", "same"), ("q", pa.array(["1", "2", "3"])), ("a", pa.array(["x", "y", "x"]).dictionary_encode())]
    found = conversation(turns, "who", "what").to_pylist()
    assert [[turn["what"] for turn in row] for row in found] == [
        ["same", "1", "x"],
        ["same", "2", "y"],
        ["same", "3", "x"],
    ]
    assert {tuple(turn["who"] for turn in row) for row in found} == {("s", "q", "a")}


def test_no_rows_make_an_empty_file(tmp_path):
    assert write_rows(Messages(), {"train": []}, tmp_path / "out") == ["train.jsonl"]
    assert (tmp_path / "out" / "train.jsonl").read_bytes() == b""
