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


def as_dictionaries(table: pa.Table) -> pa.Table:
    """The same rows, every text but the prompt a dictionary: the way they are made."""
    return _recoded(table, ("answer", "completion", "key", "family"), lambda column: column.dictionary_encode())


def as_plain(table: pa.Table) -> pa.Table:
    """The same rows, every text plain: the way they were once written."""
    return _recoded(table, ("answer", "completion", "key", "family"), lambda column: column.cast(pa.string()))


def _recoded(table: pa.Table, columns: tuple[str, ...], recode: Callable) -> pa.Table:
    for name in columns:
        text = table[name].cast(pa.string())
        table = table.set_column(
            table.schema.get_field_index(name), pa.field(name, recode(text).type, False), recode(text)
        )
    return table


ENCODINGS = {"dictionaries": as_dictionaries, "plain": as_plain}
"""Every validator judges both alike."""


def rows_of(*prompts: str, key: str = "straw", split: str = "train", template: str = "t") -> pa.Table:
    """Rows with these prompts, as far as checks of texts look at them."""
    n = len(prompts)
    columns = {
        "id": pa.array(range(1, n + 1), pa.uint64()),
        "split": pa.array([split] * n).dictionary_encode(),
        "prompt": pa.array(prompts, pa.string()),
        "answer": pa.array(["a"] * n),
        "completion": pa.array(["a"] * n),
        "key": pa.array([key] * n).dictionary_encode(),
        "template": pa.array([template] * n).dictionary_encode(),
    }
    return pa.table(columns)
