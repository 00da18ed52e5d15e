"""Evaluation files: every format gives the same questions, and what cannot be read is said with its line."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sdp.api import InputError
from sdp.validators.evaluation_files import COLUMNS, read_questions

QUESTIONS = ["Spell straw.", 'Two\nlines, a comma and a "quote"', "Füße 👩‍💻"]


def write(path, rows):
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("ending", ["jsonl", "ndjson", "csv", "parquet", "JSONL"])
@pytest.mark.parametrize("column", COLUMNS)
def test_every_format_and_column(ending, column):
    path = write(Path(f"eval.{ending}"), [{"id": i, column: text} for i, text in enumerate(QUESTIONS)])
    found = read_questions(path)
    assert [text for _, text in found] == QUESTIONS
    assert [line for line, _ in found] == ([2, 4, 5] if ending == "csv" else [1, 2, 3])


def test_the_first_known_column_that_is_filled_counts():
    path = write(Path("eval.jsonl"), [{"text": "t", "prompt": "p"}, {"text": "t", "prompt": None}])
    assert read_questions(path) == [(1, "p"), (2, "t")]


def test_a_byte_order_mark_and_empty_lines_are_no_questions():
    Path("eval.jsonl").write_text('\ufeff{"prompt": "a"}\n\n{"prompt": "b"}\n', encoding="utf-8")
    assert read_questions(Path("eval.jsonl")) == [(1, "a"), (3, "b")]


@pytest.mark.parametrize(
    ("name", "content", "what", "where"),
    [
        ("a.jsonl", '{"prompt": "a"}\n{"prompt"\n', "the line is not JSON", "a.jsonl:2"),
        ("a.jsonl", '["a"]\n', "an evaluation row is an object", "a.jsonl:1"),
        ("a.jsonl", '{"prompt": 3}\n', "'prompt' is int, not text", "a.jsonl:1"),
        ("a.jsonl", '{"prompt": "a"}\n{"promt": "b"}\n', "the evaluation row has no question", "a.jsonl:2"),
        ("a.csv", "id,word\n1,a\n", "the evaluation row has no question", "a.csv:2"),
        ("a.jsonl", "", "the evaluation file holds no questions", "a.jsonl"),
        ("a.csv", "prompt\n", "the evaluation file holds no questions", "a.csv"),
        ("a.csv", 'prompt\n"a"b\n', "the evaluation file cannot be read", "a.csv"),
        ("a.parquet", "PAR1", "the evaluation file cannot be read", "a.parquet"),
        ("a.txt", "a", "'a.txt' is no evaluation file that can be read", "a.txt"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(name, content, what, where):
    Path(name).write_text(content)
    with pytest.raises(InputError, match=what) as caught:
        read_questions(Path(name))
    assert caught.value.where == where


def test_bytes_that_are_not_utf8():
    Path("a.jsonl").write_bytes(b'{"prompt": "\xff"}\n')
    with pytest.raises(InputError, match="the evaluation file cannot be read: 'utf-8' codec"):
        read_questions(Path("a.jsonl"))


def test_the_columns_that_are_there_are_listed():
    write(Path("a.parquet"), [{"promt": "a", "id": 1}])
    for name in ("a.parquet",):
        with pytest.raises(InputError) as caught:
            read_questions(Path(name))
        assert caught.value.hint.endswith("columns are: promt, id")


def test_a_file_that_is_not_there():
    with pytest.raises(InputError, match="there is no such evaluation file"):
        read_questions(Path("nowhere.jsonl"))
    with pytest.raises(InputError, match=r"did you mean|formats are") as caught:
        read_questions(Path("nowhere.json"))
    assert "jsonl" in caught.value.hint
