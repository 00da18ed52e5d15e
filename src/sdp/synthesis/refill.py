"""Which rows take the place of rejected ones: the next of the same cell, else of any cell that has some left."""

from sdp.errors import InputError
from sdp.synthesis.plan import SplitPlan


class Refill:
    """Hands out each split's unused rows, each once.

    Args:
        split: The split to fill up.
    """

    def __init__(self, split: SplitPlan) -> None:
        self._split = split
        self._next = [cell.quota for cell in split.cells]

    def take(self, missing: dict[int, int]) -> tuple[tuple[int, int, int], ...]:
        """Chooses rows.

        Args:
            missing: Cell → rows that it lacks.

        Returns:
            Cell, first and last number within it.

        Raises:
            InputError: The capacity is used up.
        """
        ranges: list[tuple[int, int, int]] = []
        short = 0
        for cell, n in sorted(missing.items()):
            short += n - self._from_cell(cell, n, ranges)
        for cell in range(len(self._next)):
            short -= self._from_cell(cell, short, ranges)
        if short:
            raise InputError(
                f"{short:,} {self._split.split} rows are missing: the validators rejected too many of the "
                f"{self._split.capacity:,} that there are",
                hint="rejects.parquet in the unfinished folder says why; a smaller --n or more words help",
            )
        return tuple(ranges)

    def _from_cell(self, cell: int, n: int, ranges: list[tuple[int, int, int]]) -> int:
        first = self._next[cell]
        last = min(first + n, self._split.cells[cell].capacity)
        if last > first:
            ranges.append((cell, first, last))
            self._next[cell] = last
        return max(0, last - first)
