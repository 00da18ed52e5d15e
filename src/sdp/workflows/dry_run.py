"""`sdp generate --dry-run`: what would be made, how large it would be, and how long it would take."""

from dataclasses import dataclass
from io import BytesIO
from time import perf_counter

import numpy as np

from sdp.contract.generator import ItemGenerator
from sdp.data.shards import ROW_GROUP, ShardWriter
from sdp.synthesis.open_task import OpenRows
from sdp.synthesis.plan import SplitPlan
from sdp.synthesis.screen import make_validators, reasons_of
from sdp.synthesis.source import Source
from sdp.workflows.generate import GenerateRequest, place_of, settings_of, workers_for

SAMPLE = 4 * 1024
"""Rows of an open task that are made to measure size and speed."""
OPEN_PASSES = 2
"""The rows of an open task are made twice: once to choose, once to write."""


@dataclass(frozen=True, slots=True)
class StratumPlan:
    """One kind of question in one split."""

    name: str
    rows: int
    capacity: int


@dataclass(frozen=True, slots=True)
class SplitSketch:
    """What would be in one split."""

    split: str
    rows: int
    capacity: int | None
    """Distinct rows that there could be; None for an open task, which cannot be counted."""
    words: int
    phrasings: int
    strata: list[StratumPlan]


@dataclass(frozen=True, slots=True)
class DryRun:
    """A data set that was not made."""

    task: str
    where: str
    fingerprint: str
    splits: list[SplitSketch]
    workers: int
    bytes: int
    """Expected size of all shards, from rows that were made, judged and written into memory."""
    seconds: float
    """Expected time, from the same rows."""
    notes: tuple[str, ...] = ()


def dry_run(request: GenerateRequest) -> DryRun:
    """Plans a data set and measures a few of its rows; writes nothing.

    Args:
        request: What would be made.

    Returns:
        Rows and capacity per split and stratum, expected size and time.

    Raises:
        InputError: Unknown task, or too few distinct rows.
        ConfigError: A setting that the task does not know.
    """
    start = perf_counter()
    source = Source.of(settings_of(request))
    splits = _finite(source) if isinstance(source.generator, ItemGenerator) else _open(source)
    planned_s = perf_counter() - start
    bytes_per_row, seconds_per_row = _measured(source)
    workers = workers_for(request)
    return DryRun(
        task=request.task,
        where=str(place_of(request)),
        fingerprint=source.fingerprint,
        splits=splits,
        workers=workers,
        bytes=round(bytes_per_row * request.n),
        seconds=planned_s + seconds_per_row * request.n / workers,
        notes=source.lexicon.notes if source.lexicon else (),
    )


def _finite(source: Source) -> list[SplitSketch]:
    return [_sketch(source, plan) for plan in source.plan.splits.values()]


def _sketch(source: Source, plan: SplitPlan) -> SplitSketch:
    names: dict[str, tuple[int, int]] = {}
    for cell in plan.cells:
        stratum = source.plan.generator.strata[cell.stratum]
        name = stratum if cell.band.name == "all" else f"{stratum}, {cell.band.name}"
        rows, capacity = names.get(name, (0, 0))
        names[name] = rows + cell.quota, capacity + cell.capacity
    strata = [StratumPlan(name, rows, capacity) for name, (rows, capacity) in names.items()]
    phrasings = {cell.phrasing.hash for cell in plan.cells}
    return SplitSketch(plan.split, plan.n_rows, plan.capacity, plan.words.num_rows, len(phrasings), strata)


def _open(source: Source) -> list[SplitSketch]:
    sizes = source.settings.split_sizes
    return [SplitSketch(split, n, None, 0, len(source.phrasings), []) for split, n in sizes.items() if n]


def _measured(source: Source) -> tuple[float, float]:
    """Makes one row group, or a few rows of an open task, twice, and takes the second: bytes and seconds per row."""
    measured = (0.0, 0.0)
    for _ in range(2):
        start = perf_counter()
        if isinstance(source.generator, ItemGenerator):
            split = max(source.plan.splits.values(), key=lambda plan: plan.n_rows)
            table, _ = source.rows(split.split).range(0, min(ROW_GROUP, split.n_rows))
            passes = 1
        else:
            table, passes = OpenRows(source).table(np.arange(min(SAMPLE, source.settings.n))), OPEN_PASSES
        reasons_of(table, make_validators(source.generator))
        with BytesIO() as memory:
            with ShardWriter(memory) as writer:
                writer.write(table)
            size = len(memory.getvalue())
        measured = size / table.num_rows, passes * (perf_counter() - start) / table.num_rows
    return measured
