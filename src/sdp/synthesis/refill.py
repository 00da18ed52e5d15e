"""Which rows take the place of rejected ones: of the same cell, else of the same stratum, else of any."""

from collections import Counter
from collections.abc import Mapping

from sdp.errors import InputError
from sdp.synthesis.plan import SplitPlan

TRIES_PER_ROW = 10
"""Rows looked at before giving up, per row asked for."""
LEAST_TRIES = 500
"""However few rows are asked for."""

Range = tuple[int, int, int]
"""Cell, first and past-the-last number within it."""


class Refill:
    """Hands out each split's unused rows, each once.

    A cell is given up after ten times its quota: when a validator rejects a word, it rejects it in all its surfaces,
    and there may be millions of them.

    Args:
        split: The split to fill up.
    """

    def __init__(self, split: SplitPlan) -> None:
        self._split = split
        self._next = [cell.quota for cell in split.cells]
        self._ends = [min(cell.capacity, TRIES_PER_ROW * max(cell.quota, 1)) for cell in split.cells]
        self._limit = max(LEAST_TRIES, TRIES_PER_ROW * split.n_rows)
        self._rejects: Counter[str] = Counter()

    def take(self, missing: Mapping[int, int], rejects: Mapping[str, int]) -> tuple[Range, ...]:
        """Chooses rows.

        Args:
            missing: Cell → rows that it lacks.
            rejects: Reason → rows, of the whole split so far.

        Returns:
            Which rows to make.

        Raises:
            InputError: The capacity is used up, or so many rows were rejected that there is no hope.
        """
        self._rejects = Counter(rejects)
        if sum(self._next) + sum(missing.values()) > self._limit:
            raise self._hopeless(sum(missing.values()))
        ranges: list[Range] = []
        short = {cell: n - self._from_cell(cell, n, ranges) for cell, n in sorted(missing.items())}
        for cell, n in short.items():
            left = n
            for other in self._nearest(cell):
                left -= self._from_cell(other, left, ranges)
            if left:
                raise self._hopeless(left)
        return tuple(ranges)

    def _nearest(self, cell: int) -> list[int]:
        """Orders all cells: those of the same stratum first, so that the balance holds as long as it can."""
        cells = self._split.cells
        return sorted(range(len(cells)), key=lambda other: (cells[other].stratum != cells[cell].stratum, other))

    def _from_cell(self, cell: int, n: int, ranges: list[Range]) -> int:
        first = self._next[cell]
        last = min(first + n, self._ends[cell])
        if last <= first:
            return 0
        ranges.append((cell, first, last))
        self._next[cell] = last
        return last - first

    def _hopeless(self, short: int) -> InputError:
        return InputError(
            f"{short:,} {self._split.split} rows are missing: validators rejected {self._rejects.total():,} of the "
            f"{sum(self._next):,} tried (there are {self._split.capacity:,}), {blamed(self._rejects)}",
            hint="a smaller --n, more words, or another validator",
        )


def blamed(rejects: Counter[str]) -> str:
    """Names the commonest reason."""
    reason, n = rejects.most_common(1)[0]
    return f'{n:,} of them for "{reason}"'
