"""Choosing the candidates of an open task: no question twice, none that a check refuses, exactly as many as asked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.columns import codes_of
from sdp.contract.rows import SPLITS
from sdp.data.seen import SeenIds
from sdp.data.splits import SHARES
from sdp.engines.local import Engine, here
from sdp.errors import InputError
from sdp.synthesis.open_task import OpenRows
from sdp.synthesis.refill import TRIES_PER_ROW, blamed
from sdp.synthesis.screen import make_validators, reasons_of
from sdp.synthesis.source import Source

Numbers = npt.NDArray[np.int64]

LEAST_TRIES = 1_000
"""However few rows are asked for: a split that gets a tenth of the candidates must not be missed by chance."""
BLOCK = 4_096
"""Candidates looked at together."""


@dataclass(frozen=True)
class Block:
    """What is known of some neighbouring candidates."""

    candidates: Numbers
    """Those that repeat none before them in the block, (n,)."""
    end: int
    """Past its last candidate."""
    ids: npt.NDArray[np.uint64]
    splits: npt.NDArray[np.int8]
    """Number of each one's split in `SPLITS`, (n,)."""
    accepted: npt.NDArray[np.bool_]
    rejected: pa.Table | None = field(repr=False)
    """Rows that checks refused, with `reason` and `candidate`."""


@dataclass
class Picked:
    """Candidates per split, rising, and what was refused on the way."""

    candidates: dict[str, Numbers]
    rejects: Counter[str]
    rejected: list[pa.Table]


def look_at(source: Source, block: tuple[int, int]) -> Block:
    """Makes the rows of candidates `first` … `last` − 1 and judges them."""
    first, last = block
    table = OpenRows(source).table(range(first, last))
    _, fresh = np.unique(np.asarray(table["id"]), return_index=True)  # a repeat is dropped, not refused
    which = np.sort(fresh)
    table = table.take(pa.array(which))
    reasons = reasons_of(table, make_validators(source.generator))
    rejected = None
    if reasons.null_count < len(reasons):
        refused = pc.is_valid(reasons)
        rejected = table.filter(refused).append_column("reason", reasons.filter(refused))
        rejected = rejected.append_column("candidate", pa.array(which + first).filter(refused))
    splits = table["split"].combine_chunks()
    numbers = np.array([SPLITS.index(name) for name in splits.dictionary.to_pylist()], dtype=np.int8)
    accepted = np.asarray(pc.is_null(reasons))
    return Block(which + first, last, np.asarray(table["id"]), numbers[codes_of(splits)], accepted, rejected)


def pick(source: Source, quotas: Mapping[str, int], engine: Engine = here) -> Picked:
    """Takes the lowest candidate of every distinct row, as many per split as are asked for.

    Args:
        source: The task and its settings.
        quotas: Rows per split.
        engine: Where candidates are looked at.

    Returns:
        The same choice on any engine.

    Raises:
        InputError: After ten times as many candidates as should do there were not enough distinct rows.
    """
    limit = _enough(quotas)
    picker = _Picker(quotas)
    for block in engine(look_at, source, _blocks(limit)):
        if picker.take(block):
            return picker.picked()
    raise _exhausted(source, limit, picker)


class _Picker:
    """Goes through blocks in order."""

    def __init__(self, quotas: Mapping[str, int]) -> None:
        self._left = {split: quota for split, quota in quotas.items() if quota}
        self._chosen: dict[str, list[Numbers]] = {split: [] for split in self._left}
        self.seen = SeenIds()
        self.rejects: Counter[str] = Counter()
        self._rejected: list[pa.Table] = []

    def take(self, block: Block) -> bool:
        """Takes what is new and wanted; True when nothing more is."""
        usable = block.accepted & self.seen.new(block.ids)
        last = 0
        for split in list(self._left):
            mine = np.flatnonzero(usable & (block.splits == SPLITS.index(split)))[: self._left[split]]
            self._chosen[split].append(block.candidates[mine])
            self.seen.add(block.ids[mine])
            self._left[split] -= len(mine)
            last = max(last, int(block.candidates[mine[-1]]) if len(mine) else 0)
        full = not any(self._left.values())
        self._refuse(block, last if full else block.end)
        return full

    def _refuse(self, block: Block, end: int) -> None:
        """Keeps what was refused before the end; what comes behind it was never needed."""
        if block.rejected is not None:
            lost = block.rejected.filter(pc.less_equal(block.rejected["candidate"], end)).drop_columns("candidate")
            self._rejected.append(lost)
            self.rejects.update(lost["reason"].to_pylist())

    def picked(self) -> Picked:
        candidates = {split: np.concatenate(parts) for split, parts in self._chosen.items()}
        return Picked(candidates, self.rejects, [table for table in self._rejected if table.num_rows])


def _blocks(limit: int) -> Iterator[tuple[int, int]]:
    for first in range(0, limit, BLOCK):
        yield first, min(first + BLOCK, limit)


def _enough(quotas: Mapping[str, int]) -> int:
    """Counts candidates that should do; where only test rows are wanted, nine of ten are for another split."""
    expected = max(quotas.get(split, 0) / share for split, share in zip(SPLITS, SHARES, strict=True))
    return max(LEAST_TRIES, int(TRIES_PER_ROW * expected))


def _exhausted(source: Source, limit: int, picker: _Picker) -> InputError:
    n_rejects = picker.rejects.total()
    rejected = f", of which validators rejected {n_rejects:,}, {blamed(picker.rejects)}" if n_rejects else ""
    return InputError(
        f"{source.settings.n:,} rows were asked for, "
        f"{limit:,} tries gave at least {len(picker.seen):,} distinct ones{rejected}",
        where=source.settings.task,
        hint="a smaller --n, or a generator with more variety",
    )
