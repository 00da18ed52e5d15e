"""Good rows, and the same with something wrong."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from sdp.synthesis import questions

WORDS = ["straw", "garden", "teacher", "letter", "river", "music", "question", "plan"]


def good(task: str = "spelling", n: int = 30, style: str = "direct") -> pa.Table:
    """Rows of the train split, as they are generated."""
    return questions(task, WORDS, n, style=style)


def change(table: pa.Table, row: int, **changes: Any) -> pa.Table:
    """Puts other values into one row; a callable gets the old one. meta is updated."""
    rows = table.to_pylist()
    for name, value in changes.items():
        old = rows[row][name]
        new = value(old) if isinstance(value, Callable) else value
        rows[row][name] = {**old, **new} if name == "meta" else new
    return pa.Table.from_pylist(rows, schema=table.schema)
