"""Slices as tables of the terminal: what the plots of the page show. Descriptive: no tests."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from rich import box
from rich.table import Table

from sdp.reports.numerals import count, percent, percent_range
from sdp.reports.slices import Slice, accuracy_by, merge_ends

COLUMNS = {
    "length": "letters in the word",
    "position": "place asked for",
    "true_count": "true count",
    "held_out_phrasing": "phrasing",
}
"""Column of the rows → head."""
_PHRASINGS = {"0": "seen", "1": "held out", "0–1": "all"}


def slices_of(result: dict[str, Any], rows: pa.Table) -> list[dict[str, Any]]:
    """Lists the slices, as JSON has them.

    Args:
        result: A `BenchResult` as a dictionary.
        rows: Its rows table.

    Returns:
        One entry per task, column, slice and model that has rows there; thin slices at the ends are merged.
    """
    return [
        {"task": task, "by": column, "slice": name, "model": label, "n_rows": part.n_rows, **_share(part)}
        for task, column, names, merged in _tables(result, rows)
        for label, parts in merged.items()
        for name, part in zip(names, parts, strict=True)
        if part.n_rows
    ]


def slice_tables(result: dict[str, Any], rows: pa.Table) -> list[Table]:
    """Makes a table per task and column that has values.

    Args:
        result: A `BenchResult` as a dictionary.
        rows: Its rows table.
    """
    tables = []
    for task, column, names, merged in _tables(result, rows):
        table = Table(
            title=f"{task} by {COLUMNS[column]}: exact match in %, 95 % interval, rows", title_justify="left",
            box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False,
        )  # fmt: skip
        table.add_column(COLUMNS[column], no_wrap=True)
        for label in merged:
            table.add_column(label, overflow="fold")
        for place, name in enumerate(names):
            table.add_row(name, *(_cell(parts[place]) for parts in merged.values()))
        tables.append(table)
    return tables


def _tables(result: dict[str, Any], rows: pa.Table) -> Iterator[tuple[str, str, list[str], dict[str, list[Slice]]]]:
    for task in dict.fromkeys(task for model in result["models"] for task in model["tasks"]):
        for column in COLUMNS:
            names, merged = merge_ends(accuracy_by(rows, task, column))
            if column == "held_out_phrasing":
                names = [_PHRASINGS[name] for name in names]
            if names:
                yield task, column, names, merged


def _share(part: Slice) -> dict[str, float | None]:
    share = part.share
    return {"exact_match": None, "low": None, "high": None} if share is None else {
        "exact_match": share.effect, "low": share.low, "high": share.high,
    }  # fmt: skip


def _cell(part: Slice) -> str:
    share = part.share
    if share is None:
        return "–"
    return f"{percent(share.effect)} ({percent_range(share.low, share.high)}), {count(part.n_rows)}"
