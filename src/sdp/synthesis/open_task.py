"""Open tasks: candidates 0, 1, 2 …, each drawn by its own random numbers, repeats dropped, exactly n kept."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.contract.generator import Item, RowGenerator
from sdp.contract.rows import SPLITS
from sdp.contract.schema import oracle_fields, schema_of
from sdp.data.splits import SHARES, split_of
from sdp.errors import InputError, PluginError
from sdp.seeds import derive, stream
from sdp.synthesis.blame import blame
from sdp.synthesis.ids import content_ids
from sdp.synthesis.refill import TRIES_PER_ROW, blamed
from sdp.synthesis.rows import assemble
from sdp.synthesis.source import Source
from sdp.templates.phrasing import Phrasing
from sdp.templates.surfaces import surfaces

LEAST_TRIES = 1_000
"""However few rows are asked for: a split that gets a tenth of the candidates must not be missed by chance."""
BLOCK = 4_096
"""Candidates looked at together."""


@dataclass(frozen=True)
class Candidate:
    """One drawn question with the phrasing and the surface it gets."""

    index: int
    item: Item
    split: str
    phrasing: Phrasing
    surface: int


def draw(source: Source, index: int) -> Candidate:
    """Draws candidate `index`; the same one in any process and order.

    Raises:
        PluginError: The generator gave something that is no usable question.
    """
    generator, settings = source.generator, source.settings
    if not isinstance(generator, RowGenerator):
        raise PluginError(f"'{generator.name}' is no open task")
    rng = stream(settings.seed, f"{generator.name}@{generator.version}", index)
    with blame(f"{generator.name}: row {index}", generator):
        item = generator.row(index, rng)
    if not item.key or not item.answer:
        raise PluginError(f"{generator.name}: row {index} has no key or no answer", hint="return an Item with both")
    split = split_of(item.family or item.key)
    allowed = [phrasing for phrasing in source.phrasings if not (split == "train" and phrasing.held_out)]
    number = derive(settings.seed, "phrasing", generator.name, index)
    phrasing = allowed[number % len(allowed)]
    return Candidate(index, item, split, phrasing, number // len(allowed) % surfaces(phrasing).count)


class Picker:
    """Chooses the lowest index of every distinct row, as many per split as are asked for.

    Args:
        source: The task and its settings.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seen: set[int] = set()
        self._next = 0
        self._limit = 0
        self.rejects: Counter[str] = Counter()
        """Reason → rows that were picked and then refused."""

    def pick(self, quotas: Mapping[str, int]) -> dict[str, list[int]]:
        """Goes on from where the last call ended.

        Args:
            quotas: Rows per split.

        Returns:
            Candidate indices per split, rising.

        Raises:
            InputError: After ten times as many candidates as should do there were not enough distinct rows.
        """
        chosen: dict[str, list[int]] = {split: [] for split, quota in quotas.items() if quota}
        self._limit = limit = self._limit or self._enough(quotas)
        while any(len(chosen[split]) < quotas[split] for split in chosen):
            if self._next >= limit:
                raise self._exhausted(limit)
            block = [draw(self._source, index) for index in range(self._next, min(self._next + BLOCK, limit))]
            for candidate, row_id in zip(block, _ids(self._source, block), strict=True):
                self._next = candidate.index + 1
                wanted = quotas.get(candidate.split, 0)
                if row_id not in self._seen and len(chosen.get(candidate.split, ())) < wanted:
                    self._seen.add(row_id)
                    chosen[candidate.split].append(candidate.index)
                    if sum(map(len, chosen.values())) == sum(quotas.values()):
                        break
        return chosen

    @staticmethod
    def _enough(quotas: Mapping[str, int]) -> int:
        """Counts candidates that should do; where only test rows are wanted, nine of ten are for another split."""
        expected = max(quotas.get(split, 0) / share for split, share in zip(SPLITS, SHARES, strict=True))
        return max(LEAST_TRIES, int(TRIES_PER_ROW * expected))

    def _exhausted(self, limit: int) -> InputError:
        n_rejects = self.rejects.total()
        rejected = f", of which validators rejected {n_rejects:,}, {blamed(self.rejects)}" if n_rejects else ""
        return InputError(
            f"{self._source.settings.n:,} rows were asked for, "
            f"{limit:,} tries gave at least {len(self._seen):,} distinct ones{rejected}",
            where=self._source.settings.task,
            hint="a smaller --n, or a generator with more variety",
        )


def _by_phrasing(candidates: Sequence[Candidate]) -> Iterator[tuple[Phrasing, list[int]]]:
    places: dict[str, list[int]] = {}
    for place, candidate in enumerate(candidates):
        places.setdefault(candidate.phrasing.hash, []).append(place)
    for group in places.values():
        yield candidates[group[0]].phrasing, group


def _shown(source: Source, phrasing: Phrasing, group: Sequence[Candidate]) -> dict[str, pa.Array]:
    """Fields and surfaces of candidates of one phrasing, as columns."""
    expected = set(oracle_fields(source.generator))
    for candidate in group:
        if set(candidate.item.fields) != expected:
            raise PluginError(
                f"{source.generator.name}: row {candidate.index} has the fields {sorted(candidate.item.fields)}, "
                f"the first one had {sorted(expected)}",
                hint="give every row the same fields",
            )
    columns = {
        name: pa.array([candidate.item.fields[name] for candidate in group], pa.string()) for name in sorted(expected)
    }
    return columns | surfaces(phrasing).decode(np.array([candidate.surface for candidate in group], dtype=np.int64))


def _ids(source: Source, candidates: Sequence[Candidate]) -> list[int]:
    ids: npt.NDArray[np.uint64] = np.zeros(len(candidates), dtype=np.uint64)
    generator = source.generator
    for phrasing, places in _by_phrasing(candidates):
        shown = _shown(source, phrasing, [candidates[place] for place in places])
        ids[places] = content_ids(generator.name, generator.version, phrasing.hash, len(places), shown)
    return [int(one) for one in ids]


def open_rows(source: Source, split: str, indices: Sequence[int]) -> pa.Table:
    """Makes the rows of some candidates, in the order given."""
    tables = []
    for first in range(0, len(indices), BLOCK):
        candidates = [draw(source, index) for index in indices[first : first + BLOCK]]
        groups = list(_by_phrasing(candidates))
        table = pa.concat_tables(
            [_rows(source, split, phrasing, [candidates[place] for place in places]) for phrasing, places in groups]
        )
        order = np.concatenate([places for _, places in groups])
        tables.append(table.take(pa.array(np.argsort(order))))
    return pa.concat_tables(tables).combine_chunks() if tables else schema_of(source.generator).empty_table()


def _rows(source: Source, split: str, phrasing: Phrasing, group: Sequence[Candidate]) -> pa.Table:
    generator, items = source.generator, [candidate.item for candidate in group]
    for item in items:
        if undeclared := sorted(set(item.meta) - set(generator.meta)):
            raise PluginError(f"{generator.name}: meta '{undeclared[0]}' is not declared", hint="declare it in `meta`")
    columns = {
        "answer": pa.array([item.answer for item in items], pa.string()),
        "trace": pa.array([item.trace for item in items], pa.string()),
        "family": pa.array([item.family or item.key for item in items], pa.string()),
    }
    columns |= {name: pa.array([item.meta.get(name) for item in items], kind) for name, kind in generator.meta.items()}
    return assemble(
        generator,
        split=split,
        style=source.settings.style,
        phrasing=phrasing,
        items=pa.table(columns),
        key=pa.chunked_array([pa.array([item.key for item in items], pa.string())]),
        shown=_shown(source, phrasing, group),
    )
