"""The unit of work: some rows of a split, made, judged and written with a marker that says so."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.validator import Validator
from sdp.data.atomic import write_json
from sdp.data.shards import sha256_of, write_shard
from sdp.errors import InputError
from sdp.synthesis.open_task import open_rows
from sdp.synthesis.rows import Numbers, cell_rows, rows_table
from sdp.synthesis.screen import make_validators, reasons_of
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.source import Source


@dataclass(frozen=True)
class Work:
    """One shard to make: rows `first` … `last` − 1 of the split, or single rows of cells that replace rejected ones."""

    settings: DataSettings
    fingerprint: str
    """Of the source that the plan was made from."""
    folder: Path
    name: str
    split: str
    first: int = 0
    last: int = 0
    refill: tuple[tuple[int, int, int], ...] = ()
    """Cell, first and past-the-last number within it."""
    candidates: tuple[int, ...] = ()
    """Of an open task: which candidates."""


@dataclass(frozen=True)
class Done:
    """A finished shard."""

    name: str
    split: str
    rows: int
    bytes: int
    sha256: str
    rejects: dict[str, int]
    """Reason → rows."""
    missing: dict[int, int]
    """Cell → rejected rows."""


def make_shard_apart(work: Work) -> Done:
    """Makes a shard in a worker process, which loads words and phrasings once, by itself.

    Raises:
        InputError: They are no longer what the plan was made from.
    """
    source = _source(work.settings)
    if source.fingerprint != work.fingerprint:
        raise InputError("words, phrasings or plugins changed while rows were made", hint="run the command again")
    return make_shard(source, work)


@lru_cache(maxsize=1)
def _source(settings: DataSettings) -> Source:
    return Source.of(settings)


def make_shard(source: Source, work: Work) -> Done:
    """Makes a shard, or finds it made already.

    Args:
        source: What rows are made of.
        work: What to make.

    Returns:
        The facts of the shard.
    """
    marker = work.folder / f"{work.name}.json"
    if (done := read_marker(marker)) is not None:
        return done
    table, cells = _rows(source, work)
    return _write_judged(work, table, cells, make_validators(source.generator))


def _rows(source: Source, work: Work) -> tuple[pa.Table, Numbers]:
    """Makes the rows, and tells the cell of each; an open task has only one."""
    if work.candidates:
        table = open_rows(source, work.split, work.candidates)
        return table, np.zeros(table.num_rows, dtype=np.int64)
    split = source.plan.splits[work.split]
    if work.refill:
        cells = np.concatenate([np.full(last - first, cell) for cell, first, last in work.refill])
        within = np.concatenate([np.arange(first, last) for _, first, last in work.refill])
        return cell_rows(source.plan, split, cells, within), cells
    return rows_table(source.plan, split, work.first, work.last)


def _write_judged(work: Work, table: pa.Table, cells: Numbers, validators: list[Validator]) -> Done:
    """Judges rows, writes accepted and rejected ones, and the marker last."""
    reasons = reasons_of(table, validators)
    accepted = pc.is_null(reasons)
    path = work.folder / f"{work.name}.parquet"
    kept = table if reasons.null_count == len(reasons) else table.filter(accepted)
    digest = write_shard(kept, path)
    rejects: Counter[str] = Counter()
    missing: Counter[int] = Counter()
    if kept.num_rows < table.num_rows:
        refused = pc.invert(accepted)
        why = reasons.filter(refused)
        write_shard(table.filter(refused).append_column("reason", why), work.folder / f"{work.name}.rejects.parquet")
        rejects.update(why.to_pylist())
        missing.update(cells[np.asarray(refused)].tolist())
    done = Done(work.name, work.split, kept.num_rows, path.stat().st_size, digest, dict(rejects), dict(missing))
    write_json(work.folder / f"{work.name}.json", asdict(done))
    return done


def read_marker(marker: Path) -> Done | None:
    """Reads the marker of a finished shard; None if there is none or the shard is not what it says."""
    try:
        done = Done(**json.loads(marker.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    shard = marker.with_suffix(".parquet")
    if not shard.is_file() or sha256_of(shard) != done.sha256:
        return None
    return Done(**{**asdict(done), "missing": {int(cell): n for cell, n in done.missing.items()}})
