"""Uniqueness: no question twice."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.validator import Validator
from sdp.data.seen import SeenIds


class Uniqueness(Validator):
    """Rejects rows whose id was seen before, here or in an earlier chunk. Keeps 8 bytes per row."""

    name = "uniqueness"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._seen = SeenIds()

    def reasons(self, table: pa.Table) -> pa.Array:
        """Compares with everything seen so far."""
        ids = np.asarray(table["id"], dtype=np.uint64)
        ordered = np.sort(ids)
        fresh = self._seen.new(ordered)
        if fresh.all() and not (ordered[1:] == ordered[:-1]).any():
            self._seen.add(ordered)
            return pa.nulls(len(ids), pa.string())
        _, first = np.unique(ids, return_index=True)
        repeated = np.ones(len(ids), dtype=bool)
        repeated[first] = False
        repeated |= np.isin(ids, ordered[~fresh])
        self._seen.add(ids[~repeated])
        return pc.if_else(pa.array(repeated), "the same question occurs before", pa.scalar(None, pa.string()))
