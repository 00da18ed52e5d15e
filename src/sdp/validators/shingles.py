"""Texts that are nearly alike: MinHash finds them, their own character shingles decide."""

import random
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from typing import Any

SHINGLE = 4
N_PERMUTATIONS = 64
MARGIN = 0.1
"""MinHash looks for what is a little less alike than asked for: it may miss a pair, and must not."""

Shingles = frozenset[str]


def fold(text: str) -> str:
    """Makes texts equal that differ in case or in compatible forms (full width, ligatures) only."""
    return unicodedata.normalize("NFKC", text).casefold()


def shingles(text: str) -> Shingles:
    """Cuts a text into its runs of 4 characters, without case and with single spaces."""
    bare = " ".join(fold(text).split())
    return frozenset(bare[i : i + SHINGLE] for i in range(max(1, len(bare) - SHINGLE + 1)))


class AlikeIndex:
    """Holds texts, and finds those that are like another one.

    Args:
        alike: Least Jaccard similarity of the shingles: shared ones ÷ all, 0..1.
    """

    def __init__(self, alike: float) -> None:
        self._alike = alike
        self._held: list[Shingles] = []

    def add(self, text: Shingles, group: str = "") -> None:
        """Puts a text in; its number is how many there were before. Only texts of one group are ever alike."""
        self._index.insert(len(self._held), self._signature(text, group))
        self._held.append(text)

    def like(self, text: Shingles, group: str = "") -> Iterator[tuple[int, float]]:
        """Gives number and similarity of the texts that are like this one, by rising number."""
        for number in sorted(self._index.query(self._signature(text, group))):
            share = len(text & self._held[number]) / len(text | self._held[number])
            if share >= self._alike:
                yield number, share

    @cached_property
    def _index(self) -> Any:
        from datasketch import MinHashLSH

        state = random.getstate()  # datasketch draws a name for itself from the numbers that the process shares
        index = MinHashLSH(threshold=self._alike - MARGIN, num_perm=N_PERMUTATIONS)
        random.setstate(state)
        return index

    @cached_property
    def _blank(self) -> Any:
        from datasketch import MinHash

        return MinHash(num_perm=N_PERMUTATIONS)

    def _signature(self, text: Shingles, group: str) -> Any:
        made = self._blank.copy()  # making one anew would draw its permutations again
        made.update_batch([f"{group}\0{part}".encode() for part in sorted(text)])
        return made
