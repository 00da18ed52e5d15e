"""What will be made, before anything is: capacity and quota of every cell.

A cell is one stratum of one band of words in one phrasing in one split. Quotas are filled like water: equal shares over
bands, within a band over strata, and within a stratum over phrasings; where a cell is too small, others take the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.contract.generator import ItemGenerator
from sdp.data.splits import apportion
from sdp.data.words import words_of_split
from sdp.errors import InputError, TemplateError, near
from sdp.synthesis.bands import Band, in_bands, of_difficulty
from sdp.synthesis.blame import blame
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.wording import looks
from sdp.templates.phrasing import Phrasing
from sdp.templates.surfaces import surfaces

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cell:
    """One stratum of one band in one phrasing."""

    stratum: int
    band: Band
    phrasing: Phrasing
    first_item: int
    """Number of its first question among all of the stratum's."""
    n_items: int
    n_surfaces: int
    n_variants: int
    quota: int

    @property
    def capacity(self) -> int:
        """Distinct rows: questions × surfaces × variants of the looks."""
        return self.n_items * self.n_looks

    @property
    def n_looks(self) -> int:
        """Ways that one question can look: surfaces × variants."""
        return self.n_surfaces * self.n_variants


@dataclass(frozen=True)
class SplitPlan:
    """One split: its words, how many questions each has, and the cells, stratum by stratum."""

    split: str
    words: pa.Table
    n_items: Numbers = field(repr=False)  # (n_words, n_strata)
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
    def quota_ends(self) -> Numbers:
        """Where each cell's rows end among all rows of the split, (n_cells,)."""
        return np.cumsum([cell.quota for cell in self.cells], dtype=np.int64)

    @cached_property
    def quota_starts(self) -> Numbers:
        """Where each cell's rows begin, (n_cells,)."""
        return self.quota_ends - np.array([cell.quota for cell in self.cells], dtype=np.int64)

    @cached_property
    def cell_strata(self) -> Numbers:
        """Stratum of each cell, (n_cells,)."""
        return np.array([cell.stratum for cell in self.cells], dtype=np.int64)

    @cached_property
    def item_ends(self) -> Numbers:
        """Where each word's questions end, per stratum, (n_strata, n_words)."""
        return np.ascontiguousarray(np.cumsum(self.n_items, axis=0, dtype=np.int64).T)

    @cached_property
    def families(self) -> tuple[Numbers, pa.StringArray]:
        """Which family each word belongs to, (n_words,), and the families."""
        encoded = self.words["family"].combine_chunks().dictionary_encode()
        return np.asarray(encoded.indices, dtype=np.int64), encoded.dictionary


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
    usable = of_difficulty(words, settings.difficulty)
    splits = {
        split: _plan_split(generator, settings, split, size, _words_of(usable, split, settings), phrasings)
        for split, size in settings.split_sizes.items()
        if size
    }
    return Plan(generator, settings, splits)


def _words_of(words: pa.Table, split: str, settings: DataSettings) -> pa.Table:
    found = words_of_split(words, split)
    if not found.num_rows:
        raise InputError(
            f"there is no {split} word: the {words.num_rows:,} usable words of '{settings.words}' are in other splits",
            where=settings.task,
            hint="take more words, or ask for no rows of that split (such as --ratios 1,0,0)",
        )
    return found


def _plan_split(
    generator: ItemGenerator,
    settings: DataSettings,
    split: str,
    n: int,
    words: pa.Table,
    phrasings: Sequence[Phrasing],
) -> SplitPlan:
    words, bands = in_bands(words, settings.balance)
    with blame(f"{generator.name}: n_items", generator):
        n_items = generator.n_items(words)
    allowed = [phrasing for phrasing in phrasings if not (split == "train" and phrasing.held_out)]
    wanted = _wanted_strata(generator, settings)
    _refuse_silent_strata(generator, split, wanted, allowed)
    groups = [_cells(generator, settings, stratum, band, n_items, allowed) for stratum in wanted for band in bands]
    capacities = [sum(cell.capacity for cell in cells) for cells in groups]
    if sum(capacities) < n:
        raise InputError(
            f"{n:,} {split} rows were asked for, the capacity is {sum(capacities):,}",
            where=f"{generator.name}, {words.num_rows:,} {split} words",
            hint="a smaller --n, more words (such as --words wordfreq:en:100000), or more phrasings raise it",
        )
    quotas = apportion(n, capacities) if settings.balance == "none" else _level(n, capacities, len(bands))
    cells = [
        Cell(**{**vars(cell), "quota": share})
        for group, quota in zip(groups, quotas, strict=True)
        for cell, share in zip(group, water_fill(quota, [cell.capacity for cell in group]), strict=True)
    ]
    return SplitPlan(split, words, n_items, tuple(cells))


def _wanted_strata(generator: ItemGenerator, settings: DataSettings) -> list[int]:
    for name in settings.strata:
        if name not in generator.strata:
            raise InputError(
                f"{generator.name} has no stratum '{name}'", where="strata", hint=near(name, generator.strata)
            )
    return [i for i, name in enumerate(generator.strata) if not settings.strata or name in settings.strata]


def _cells(
    generator: ItemGenerator,
    settings: DataSettings,
    stratum: int,
    band: Band,
    n_items: Numbers,
    phrasings: Sequence[Phrasing],
) -> list[Cell]:
    first, n = (int(n_items[part, stratum].sum()) for part in (slice(0, band.first), slice(band.first, band.last)))
    return [
        Cell(
            stratum=stratum,
            band=band,
            phrasing=phrasing,
            first_item=first,
            n_items=n,
            n_surfaces=surfaces(phrasing).count,
            n_variants=len(looks(phrasing, settings.noise)),
            quota=0,
        )
        for phrasing in phrasings
        if phrasing.applies(generator.fields(stratum))
    ]


def _level(n: int, capacities: list[int], n_bands: int) -> list[int]:
    """Gives equal shares to bands, and within each to strata; groups come stratum by stratum."""
    shares = [0] * len(capacities)
    bands = [list(range(band, len(capacities), n_bands)) for band in range(n_bands)]
    for members, quota in zip(bands, water_fill(n, [sum(capacities[i] for i in band) for band in bands]), strict=True):
        for i, share in zip(members, water_fill(quota, [capacities[i] for i in members]), strict=True):
            shares[i] = share
    return shares


def _refuse_silent_strata(
    generator: ItemGenerator, split: str, wanted: Sequence[int], phrasings: Sequence[Phrasing]
) -> None:
    for stratum in wanted:
        fields = generator.fields(stratum)
        if not any(phrasing.applies(fields) for phrasing in phrasings):
            raise TemplateError(
                f"no {split} phrasing asks '{generator.strata[stratum]}' questions of {generator.name}",
                hint=f"add phrasings that use {', '.join(sorted(fields))}",
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
