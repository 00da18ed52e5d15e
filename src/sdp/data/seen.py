"""Which ids have occurred: 8 bytes each."""

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint64]


class SeenIds:
    """Remembers ids."""

    def __init__(self) -> None:
        self._sorted: list[Ids] = []

    def new(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Tells which of some ids are not remembered, (n,); sorted ones are looked up several times as fast."""
        fresh = np.ones(len(ids), dtype=bool)
        for earlier in self._sorted:
            place = np.minimum(np.searchsorted(earlier, ids), len(earlier) - 1)
            fresh &= earlier[place] != ids
        return fresh

    def add(self, ids: Ids) -> None:
        """Remembers distinct ids; keeps about log2(n) sorted runs of them."""
        if len(ids):
            self._sorted.append(np.sort(ids))
        while len(self._sorted) > 1 and len(self._sorted[-1]) >= len(self._sorted[-2]):
            last = self._sorted.pop()
            # A stable sort is a merge of the two sorted halves: thirty times faster here than the default one.
            self._sorted[-1] = np.sort(np.concatenate([self._sorted[-1], last]), kind="stable")

    def __len__(self) -> int:
        return sum(map(len, self._sorted))
