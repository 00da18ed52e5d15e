"""Accuracy within slices of the rows: by word length, by place, by true count, by phrasing. Descriptive: no tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise

import pyarrow as pa
import pyarrow.compute as pc

from sdp.stats.results import Estimate
from sdp.stats.shares import clustered_share

ENOUGH_ROWS = 30
"""A slice at either end of an axis is merged inwards until every model has this many rows there."""


@dataclass(frozen=True)
class Slice:
    """What one model got right among the questions with one value of a column.

    Attributes:
        exact: Whether each question was answered right.
        keys: The word each question is about.
    """

    exact: tuple[bool, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Questions."""
        return len(self.exact)

    @cached_property
    def share(self) -> Estimate | None:
        """Share of exact matches with its 95 % interval, clustered by word; None without questions."""
        return clustered_share(self.exact, self.keys) if self.exact else None


Slices = dict[str, dict[int, Slice]]
"""By model label, then by value of the column."""


def accuracy_by(rows: pa.Table, task: str, column: str) -> Slices:
    """Sorts what is right and what is wrong by model and value of a column.

    Args:
        rows: The rows table of a bench.
        task: Which task.
        column: An integer or boolean column; rows without a value are left out.

    Returns:
        By model label, then by value.
    """
    wanted = pc.and_(pc.equal(rows["task"], pa.scalar(task)), pc.is_valid(rows[column]))
    picked = rows.filter(wanted)
    found: Slices = {}
    for label in pc.unique(picked["label"]).to_pylist():
        of_label = picked.filter(pc.equal(picked["label"], pa.scalar(label)))
        values = of_label[column].cast(pa.int64())
        found[label] = {
            value: _slice(of_label.filter(pc.equal(values, pa.scalar(value))))
            for value in pc.unique(values).to_pylist()
        }
    return found


def _slice(rows: pa.Table) -> Slice:
    return Slice(tuple(rows["exact"].to_pylist()), tuple(rows["key"].to_pylist()))


def merge_ends(slices: Slices, enough: int = ENOUGH_ROWS) -> tuple[list[str], dict[str, list[Slice]]]:
    """Merges thin slices at both ends of the axis, so that no point hangs on three questions.

    Args:
        slices: By model label, then by value.
        enough: Rows that every model must have in the first and in the last slice.

    Returns:
        The slices' names (``≤4``, ``5``, ``6``, ``≥7``) and, by model label, the slices in that order.
    """
    values = sorted({value for by_value in slices.values() for value in by_value})
    if not values:
        return [], {}
    thinnest = [min(by_value.get(value, Slice()).n_rows for by_value in slices.values()) for value in values]
    first, last = _ends(thinnest, enough)
    bounds = list(pairwise([0, *range(first + 1, last + 1), len(values)]))
    names = [_name(values, start, stop) for start, stop in bounds]
    return names, {
        label: [joined([by_value.get(value, Slice()) for value in values[start:stop]]) for start, stop in bounds]
        for label, by_value in slices.items()
    }


def joined(slices: Sequence[Slice]) -> Slice:
    """Makes one slice of several."""
    exact = chain.from_iterable(part.exact for part in slices)
    return Slice(tuple(exact), tuple(chain.from_iterable(part.keys for part in slices)))


def _ends(n_rows: Sequence[int], enough: int) -> tuple[int, int]:
    """Finds the last value of the first slice and the first value of the last slice; equal ones when all is one."""
    n_values = len(n_rows)
    first = next((place for place, total in enumerate(accumulate(n_rows)) if total >= enough), n_values)
    from_end = next((place for place, total in enumerate(accumulate(reversed(n_rows))) if total >= enough), n_values)
    last = n_values - 1 - from_end
    return (first, last) if first < last else (n_values - 1, n_values - 1)


def _name(values: Sequence[int], start: int, stop: int) -> str:
    if stop - start == 1:
        return str(values[start])
    if start == 0 and stop == len(values):
        return f"{values[0]}–{values[-1]}"
    return f"≤{values[stop - 1]}" if start == 0 else f"≥{values[start]}"
