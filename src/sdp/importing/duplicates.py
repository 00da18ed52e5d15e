"""Rows that were there before: exactly, or nearly."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sdp.data.seen import SeenIds

Hashes = npt.NDArray[np.uint64]


class Duplicates:
    """Remembers rows by their hash, 8 bytes each."""

    def __init__(self) -> None:
        self._seen = SeenIds()

    def new(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Marks the rows that come for the first time, here or in earlier chunks, and remembers them."""
        unique, first = np.unique(hashes, return_index=True)
        fresh = self._seen.new(unique)
        self._seen.add(unique[fresh])
        mask = np.zeros(len(hashes), dtype=bool)
        mask[first[fresh]] = True
        return mask


class NearDuplicates:
    """Remembers the shingles of rows, and finds those that are like an earlier one with the same answer.

    Rows with different answers are different questions, however alike their words: ``2 + 3`` is not ``2 + 4``.

    Args:
        alike: Least Jaccard similarity of the character shingles, 0..1.
    """

    def __init__(self, alike: float) -> None:
        self._alike = alike
        self._index: Any = None

    def new(self, texts: list[str], answers: list[str]) -> npt.NDArray[np.bool_]:
        """Marks the rows that are like none before, and remembers them. Takes about half a millisecond per row."""
        from sdp.validators.shingles import AlikeIndex, shingles

        if self._index is None:
            self._index = AlikeIndex(self._alike)
        mask = np.ones(len(texts), dtype=bool)
        for place, (text, answer) in enumerate(zip(texts, answers, strict=True)):
            parts = shingles(text)
            if next(self._index.like(parts, answer), None) is not None:
                mask[place] = False
            else:
                self._index.add(parts, answer)
        return mask
