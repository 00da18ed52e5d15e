"""Counting what a split holds while it is made, in memory that grows with the distinct values only."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.contract.columns import codes_of

COUNTED = ("answer", "key", "family")
"""Columns whose values are counted; strata are counted beside them."""
SCHEMA = pa.schema([("what", pa.string()), ("value", pa.string()), ("n", pa.int64())])


class Tally:
    """Counts the rows of one shard."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[pa.StringArray, npt.NDArray[np.int64]]] = {}
        self._closed: list[pa.Table] = []

    def add(self, table: pa.Table, strata: pa.DictionaryArray) -> None:
        """Counts rows.

        Args:
            table: Accepted rows.
            strata: Name of each one's stratum, (n,).
        """
        for name in COUNTED:
            column = table[name]
            self._count(name, column.chunk(0) if column.num_chunks == 1 else column.combine_chunks())
        self._count("stratum", strata)

    def _count(self, what: str, column: pa.DictionaryArray) -> None:
        values = column.dictionary
        counts = np.bincount(codes_of(column), minlength=len(values))
        if what in self._open and self._open[what][0].equals(values):  # the same lexicon, shard after shard
            self._open[what][1][:] += counts
            return
        self._close(what)
        self._open[what] = (values, counts)

    def _close(self, what: str) -> None:
        if what in self._open:
            values, counts = self._open.pop(what)
            there = np.flatnonzero(counts)
            columns = [
                pa.array([what] * len(there), pa.string()),
                values.take(pa.array(there)),
                pa.array(counts[there]),
            ]
            self._closed.append(pa.table(columns, schema=SCHEMA))

    def table(self) -> pa.Table:
        """Gives `what`, `value` and `n`, each value once."""
        for what in list(self._open):
            self._close(what)
        return merged(self._closed)


def merged(tables: list[pa.Table]) -> pa.Table:
    """Adds up tallies."""
    if not tables:
        return SCHEMA.empty_table()
    summed = pa.concat_tables(tables).group_by(["what", "value"]).aggregate([("n", "sum")])
    return pa.table([summed["what"], summed["value"], summed["n_sum"]], schema=SCHEMA)
