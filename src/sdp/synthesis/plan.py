"""What will be made, before anything is: capacity and quota of every cell.

A cell is one stratum in one phrasing in one split. Quotas are filled like water: equal shares over strata, and within a
stratum over phrasings; where a cell is too small, the others take the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.contract.generator import ItemGenerator
from sdp.contract.rows import SPLITS
from sdp.data.splits import apportion
from sdp.data.words import words_of_split
from sdp.errors import InputError, TemplateError
from sdp.synthesis.blame import blame
from sdp.synthesis.settings import DataSettings
from sdp.templates.phrasing import Phrasing
from sdp.templates.surfaces import surfaces


@dataclass(frozen=True)
class Cell:
    """One stratum in one phrasing."""

    stratum: int
    phrasing: Phrasing
    n_items: int
    n_surfaces: int
    quota: int

    @property
    def capacity(self) -> int:
        """Distinct rows: questions × surfaces."""
        return self.n_items * self.n_surfaces


@dataclass(frozen=True)
class SplitPlan:
    """One split: its words, how many questions each has, and the cells, stratum by stratum."""

    split: str
    words: pa.Table
    n_items: npt.NDArray[np.int64] = field(repr=False)  # (n_words, n_strata)
    cells: tuple[Cell, ...] = field(repr=False)

    @property
    def n_rows(self) -> int:
        """Rows asked for."""
        return sum(cell.quota for cell in self.cells)

    @property
    def capacity(self) -> int:
        """Distinct rows that could be made."""
        return sum(cell.capacity for cell in self.cells)

    @cached_property
    def quota_ends(self) -> npt.NDArray[np.int64]:
        """Where each cell's rows end among all rows of the split, (n_cells,)."""
        return np.cumsum([cell.quota for cell in self.cells], dtype=np.int64)

    @cached_property
    def item_ends(self) -> npt.NDArray[np.int64]:
        """Where each word's questions end, per stratum, (n_strata, n_words)."""
        return np.ascontiguousarray(np.cumsum(self.n_items, axis=0, dtype=np.int64).T)


@dataclass(frozen=True)
class Plan:
    """A data set before it is made."""

    generator: ItemGenerator
    settings: DataSettings
    splits: dict[str, SplitPlan]


def make_plan(generator: ItemGenerator, settings: DataSettings, words: pa.Table, phrasings: Sequence[Phrasing]) -> Plan:
    """Apportions exactly `settings.n` rows.

    Args:
        generator: The task.
        settings: What was asked for.
        words: All words with their splits.
        phrasings: All of them, held-out ones marked.

    Raises:
        InputError: There are fewer distinct rows than asked for; the message gives the capacity.
    """
    sizes = dict(zip(SPLITS, apportion(settings.n, settings.ratios), strict=True))
    splits = {
        split: _plan_split(generator, split, size, words_of_split(words, split), phrasings)
        for split, size in sizes.items()
        if size
    }
    return Plan(generator, settings, splits)


def _plan_split(
    generator: ItemGenerator, split: str, n: int, words: pa.Table, phrasings: Sequence[Phrasing]
) -> SplitPlan:
    with blame(f"{generator.name}: n_items", generator):
        n_items = generator.n_items(words)
    totals = n_items.sum(axis=0)
    allowed = [phrasing for phrasing in phrasings if not (split == "train" and phrasing.held_out)]
    cells_by_stratum = [
        [
            Cell(stratum, phrasing, int(totals[stratum]), surfaces(phrasing).count, 0)
            for phrasing in allowed
            if phrasing.applies(generator.fields(stratum))
        ]
        for stratum in range(len(generator.strata))
    ]
    _refuse_silent_strata(generator, split, cells_by_stratum)
    capacities = [sum(cell.capacity for cell in cells) for cells in cells_by_stratum]
    if sum(capacities) < n:
        raise InputError(
            f"{n:,} {split} rows were asked for, the capacity is {sum(capacities):,}",
            where=f"{generator.name}, {words.num_rows:,} {split} words",
            hint="a smaller --n, more words (such as --words wordfreq:en:100000), or more phrasings raise it",
        )
    quotas = water_fill(n, capacities)
    cells = [
        Cell(cell.stratum, cell.phrasing, cell.n_items, cell.n_surfaces, share)
        for group, quota in zip(cells_by_stratum, quotas, strict=True)
        for cell, share in zip(group, water_fill(quota, [cell.capacity for cell in group]), strict=True)
    ]
    return SplitPlan(split, words, n_items, tuple(cells))


def _refuse_silent_strata(generator: ItemGenerator, split: str, cells_by_stratum: list[list[Cell]]) -> None:
    for stratum, cells in zip(generator.strata, cells_by_stratum, strict=True):
        if not cells:
            raise TemplateError(
                f"no {split} phrasing asks '{stratum}' questions of {generator.name}",
                hint=f"add phrasings that use {', '.join(sorted(generator.fields(generator.strata.index(stratum))))}",
            )


def water_fill(n: int, capacities: Sequence[int]) -> list[int]:
    """Shares out `n` as evenly as the capacities allow.

    Args:
        n: At most the sum of the capacities.
        capacities: Upper bound of each share.

    Returns:
        As many integers as capacities; their sum is `n`; shares below their bound differ by at most 1.
    """
    shares = [0] * len(capacities)
    open_ends = sorted(range(len(capacities)), key=lambda i: (capacities[i], i))
    left = n
    while open_ends:
        smallest = open_ends[0]
        if capacities[smallest] * len(open_ends) > left:
            break
        shares[smallest] = capacities[smallest]
        left -= capacities[smallest]
        open_ends.pop(0)
    for place, i in enumerate(sorted(open_ends)):
        shares[i] = left // len(open_ends) + (place < left % len(open_ends))
    return shares
