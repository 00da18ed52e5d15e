"""Which rows take the place of rejected ones: the next of the same cell, else of any cell that has some left."""

from collections import Counter
from collections.abc import Mapping

from sdp.errors import InputError
from sdp.synthesis.plan import SplitPlan

TRIES_PER_ROW = 10
"""Rows looked at before giving up, per row asked for."""


class Refill:
    """Hands out each split's unused rows, each once.

    Args:
        split: The split to fill up.
    """

    def __init__(self, split: SplitPlan) -> None:
        self._split = split
        self._next = [cell.quota for cell in split.cells]
        self._rejects: Counter[str] = Counter()

    def take(self, missing: Mapping[int, int], rejects: Mapping[str, int]) -> tuple[tuple[int, int, int], ...]:
        """Chooses rows.

        Args:
            missing: Cell → rows that it lacks.
            rejects: Reason → rows, of the round before.

        Returns:
            Cell, first and last number within it.

        Raises:
            InputError: The capacity is used up, or so many rows were rejected that there is no hope.
        """
        self._rejects.update(rejects)
        if sum(self._next) >= TRIES_PER_ROW * self._split.n_rows:
            raise self._hopeless(sum(missing.values()))
        ranges: list[tuple[int, int, int]] = []
        short = 0
        for cell, n in sorted(missing.items()):
            short += n - self._from_cell(cell, n, ranges)
        for cell in range(len(self._next)):
            short -= self._from_cell(cell, short, ranges)
        if short:
            raise self._hopeless(short)
        return tuple(ranges)

    def _hopeless(self, short: int) -> InputError:
        reason, n = self._rejects.most_common(1)[0]
        return InputError(
            f"{short:,} {self._split.split} rows are missing: validators rejected {self._rejects.total():,} of the "
            f'{sum(self._next):,} tried (there are {self._split.capacity:,}), {n:,} of them for "{reason}"',
            hint="a smaller --n, more words, or another validator",
        )

    def _from_cell(self, cell: int, n: int, ranges: list[tuple[int, int, int]]) -> int:
        first = self._next[cell]
        last = min(first + n, self._split.cells[cell].capacity)
        if last > first:
            ranges.append((cell, first, last))
            self._next[cell] = last
        return max(0, last - first)
