"""Counting how often each value of a column occurs in each split, in memory that grows with the values only."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.validators.dictionaries import by_split, decompose

MERGED_AT = 262_144
"""Entries gathered before equal values are put together."""


class Tally:
    """Counts per split.

    Args:
        column: Name of a text column.
    """

    def __init__(self, column: str) -> None:
        self._column = column
        self._parts: dict[str, list[pa.Table]] = {}

    def add(self, table: pa.Table) -> None:
        """Counts the rows of a chunk; nulls are left out."""
        codes, values = decompose(table[self._column])
        for split, rows in by_split(table):
            mine = codes[rows]
            counts = np.bincount(mine[mine >= 0], minlength=len(values))
            there = np.flatnonzero(counts)
            part = pa.table({"value": values.take(pa.array(there)), "n": counts[there]})
            parts = self._parts.setdefault(split, [])
            parts.append(part)
            if sum(len(one) for one in parts) > MERGED_AT + 2 * len(parts[0]):
                self._parts[split] = [_merged(parts)]

    @property
    def splits(self) -> list[str]:
        """Those that had rows, in the order they came."""
        return list(self._parts)

    def counts(self, split: str) -> pa.Table:
        """Gives `value` and `n` of a split, each value once, the commonest first and equal ones in their order."""
        if split not in self._parts:
            return pa.table({"value": pa.array([], pa.string()), "n": pa.array([], pa.int64())})
        self._parts[split] = [_merged(self._parts[split])]
        return self._parts[split][0].sort_by([("n", "descending"), ("value", "ascending")])


def _merged(parts: list[pa.Table]) -> pa.Table:
    summed = pa.concat_tables(parts).group_by("value").aggregate([("n", "sum")])
    return pa.table({"value": summed["value"].combine_chunks(), "n": summed["n_sum"].combine_chunks()})


def total(counts: pa.Table) -> int:
    """Adds up the rows of a counted split."""
    return int(pc.sum(counts["n"]).as_py() or 0)
