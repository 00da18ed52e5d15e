"""Uniqueness: no question twice."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.validator import Validator

Ids = npt.NDArray[np.uint64]


class Uniqueness(Validator):
    """Rejects rows whose id was seen before, here or in an earlier chunk. Keeps 8 bytes per row."""

    name = "uniqueness"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._seen: list[Ids] = []

    def reasons(self, table: pa.Table) -> pa.Array:
        """Compares with everything seen so far."""
        ids = np.asarray(table["id"], dtype=np.uint64)
        ordered = np.sort(ids)
        known = self._known(ordered)
        if not known.any() and not _repeats(ordered):
            self._remember(ordered)
            return pa.nulls(len(ids), pa.string())
        _, first = np.unique(ids, return_index=True)
        repeated = np.ones(len(ids), dtype=bool)
        repeated[first] = False
        repeated |= np.isin(ids, ordered[known])
        self._remember(np.sort(ids[~repeated]))
        return pc.if_else(pa.array(repeated), "the same question occurs before", pa.scalar(None, pa.string()))

    def _known(self, ordered: Ids) -> npt.NDArray[np.bool_]:
        """Looks sorted ids up in what came earlier, (n,)."""
        found = np.zeros(len(ordered), dtype=bool)
        for earlier in filter(len, self._seen):
            places = np.minimum(np.searchsorted(earlier, ordered), len(earlier) - 1)
            found |= earlier[places] == ordered
        return found

    def _remember(self, ordered: Ids) -> None:
        """Merges chunks of like size, so that there are never more than about log2(n) of them."""
        self._seen.append(ordered)
        while len(self._seen) > 1 and len(self._seen[-1]) >= len(self._seen[-2]):
            last = self._seen.pop()
            # A stable sort is a merge of the two sorted halves: thirty times faster here than the default one.
            self._seen[-1] = np.sort(np.concatenate([self._seen[-1], last]), kind="stable")


def _repeats(ordered: Ids) -> bool:
    return bool((ordered[1:] == ordered[:-1]).any())
