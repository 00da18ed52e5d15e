"""What an exporter must give back, as plain Python."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdp.contract.exporter import Exporter
from sdp.contract.rows import row_schema
from sdp.data.dataset import TaskFolder

UNUSUAL = (
    "He said \"no\", then 'yes'",
    "two\nlines",
    "a\ttab and a return\r here",
    "back\\slash \\n",
    "{{ prompt }} {% raw %}",
    "{name} %s ${x}",
    "<b>&amp;</b> <|im_end|>",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET} \U0001f1e9\U0001f1ea",
    "\u0645\u064e\u062f\u0631\u0633\u0629 12 \u200f(\u05d0)",
    "e\u0301 \u2028 \u00a0.",
    "[1, 2]",
    "2024-01-31",
    "null",
    "0012",
    " in front and behind ",
)
"""Texts that careless code changes: quotes, line ends, templates, other scripts, what looks like a type."""


def expected(folder: TaskFolder, split: str) -> list[dict[str, Any]]:
    """Rows as in the data set."""
    rows: list[dict[str, Any]] = folder.table(split).to_pylist()
    return rows


def write(exporter: type, folder: TaskFolder, out: Any) -> list[str]:
    """Runs an exporter into an empty folder; gives the files' names."""
    out.mkdir()
    splits = {split: folder.batches(split) for split in folder.manifest.splits}
    return [file.relative_to(out).as_posix() for file in exporter().write(splits, folder.schema, out)]


def unusual(*, trace: bool = False, split: str = "test", words: Iterable[str] = UNUSUAL) -> list[dict[str, Any]]:
    """Rows of unusual texts. With traces the answer is the last line of the completion."""
    rows = []
    for number, text in enumerate(words):
        answer = text.strip().split("\n")[-1] if trace else text
        rows.append(
            {
                "id": 2**63 + number, "task": "odd", "split": split, "prompt": f"Say {text}", "answer": answer,
                "completion": f"s-a-y\n{answer}" if trace else answer, "key": f"key {number // 2}", "family": "f",
                "template": "0" * 16, "meta": {"length": number},
            }
        )  # fmt: skip
    return rows


def write_rows(exporter: Exporter, splits: Mapping[str, list[dict[str, Any]]], out: Path) -> list[str]:
    """Runs an exporter on rows, seven at a time; gives the files' names."""
    out.mkdir(parents=True)
    schema = row_schema(pa.struct([("length", pa.int32())]))
    tables = {split: pa.Table.from_pylist(rows, schema=schema) for split, rows in splits.items()}
    files = exporter.write({split: table.to_batches(7) for split, table in tables.items()}, schema, out)
    assert sorted(files) == sorted(path for path in out.rglob("*") if path.is_file())
    return [file.relative_to(out).as_posix() for file in files]


def lines_of(path: Path) -> list[Any]:
    """Reads JSON Lines with Python's own reader."""
    return [json.loads(line) for line in path.read_bytes().decode().removesuffix("\n").split("\n")]
