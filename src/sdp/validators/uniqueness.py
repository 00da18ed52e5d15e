"""Uniqueness: no question twice."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.validator import Validator


class Uniqueness(Validator):
    """Rejects rows whose id was seen before, here or in an earlier chunk. Keeps 8 bytes per row."""

    name = "uniqueness"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._seen: list[npt.NDArray[np.uint64]] = []

    def reasons(self, table: pa.Table) -> pa.Array:
        """Compares with everything seen so far."""
        ids = np.asarray(table["id"], dtype=np.uint64)
        _, first = np.unique(ids, return_index=True)
        repeated = np.ones(len(ids), dtype=bool)
        repeated[first] = False
        for earlier in self._seen:
            repeated |= np.isin(ids, earlier)
        self._remember(ids[~repeated])
        return pc.if_else(pa.array(repeated), "the same question occurs before", pa.scalar(None, pa.string()))

    def _remember(self, ids: npt.NDArray[np.uint64]) -> None:
        """Merges chunks of like size, so that there are never more than about log2(n) of them."""
        self._seen.append(np.sort(ids))
        while len(self._seen) > 1 and len(self._seen[-1]) >= len(self._seen[-2]):
            last = self._seen.pop()
            self._seen[-1] = np.sort(np.concatenate([self._seen[-1], last]))
