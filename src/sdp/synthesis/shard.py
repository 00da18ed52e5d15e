"""The unit of work: some rows of a split, made, judged and written with a marker that says so."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.columns import coded
from sdp.data.place import Place
from sdp.data.shards import ROW_GROUP, ShardWriter, sha256_of
from sdp.errors import InputError
from sdp.synthesis.open_task import OpenRows
from sdp.synthesis.refill import Range
from sdp.synthesis.rows import Numbers
from sdp.synthesis.screen import make_validators, reasons_of
from sdp.synthesis.source import Source
from sdp.synthesis.tally import Tally

PARTS = "parts"
"""Folder beside the shards of an unfinished data set: markers, tallies, rejected rows."""


@dataclass(frozen=True)
class Work:
    """One shard to make: rows `first` … `last` − 1 of the split, and rows that replace rejected ones."""

    fingerprint: str
    """Of the source that the plan was made from."""
    place: Place
    name: str
    """Of the file."""
    split: str
    first: int = 0
    last: int = 0
    refills: tuple[tuple[Range, ...], ...] = ()
    """Round by round: cell, first and past-the-last number within it."""
    candidates: Numbers | None = field(default=None, repr=False)
    """Of an open task: which candidates, instead of a range."""

    @property
    def parts(self) -> Place:
        """Where marker, tally and rejects go."""
        return self.place.child(PARTS)


@dataclass(frozen=True)
class Done:
    """A finished shard."""

    name: str
    split: str
    fingerprint: str
    refills: int
    """Rounds of replacing that it has been through."""
    rows: int
    bytes: int
    sha256: str
    tally_sha256: str
    rejects: dict[str, int]
    """Reason → rows."""
    rejects_sha256: str
    """Of the file with these rows; empty if there are none."""
    missing: dict[int, int]
    """Cell → rejected rows that nothing has replaced yet."""


def make_shard(source: Source, work: Work) -> Done:
    """Makes a shard, or finds it made already.

    Args:
        source: What rows are made of.
        work: What to make.

    Returns:
        The facts of the shard.

    Raises:
        InputError: The source is not what the plan was made from.
    """
    if (done := read_marker(work)) is not None:
        return done
    if source.fingerprint != work.fingerprint:
        raise InputError("words, phrasings or plugins changed while rows were made", hint="run the command again")
    maker = _Maker(source, work)
    with work.place.write(work.name) as handle, ShardWriter(handle) as writer:
        maker.write(writer)
    done = Done(
        name=work.name,
        split=work.split,
        fingerprint=work.fingerprint,
        refills=len(work.refills),
        rows=writer.n_rows,
        bytes=writer.n_bytes,
        sha256=writer.sha256,
        tally_sha256=_save_tally(work, maker.tally.table()),
        rejects=dict(sorted(maker.rejects.items())),
        rejects_sha256=_save_rejects(work, maker.rejected),
        missing=dict(sorted(maker.missing.items())),
    )
    work.parts.write_text(f"{work.name}.json", json.dumps(asdict(done), ensure_ascii=False, indent=1) + "\n")
    pa.default_memory_pool().release_unused()  # or what one shard needed at its peak stays with the process
    return done


class _Maker:
    """Makes and judges one shard, row group by row group."""

    def __init__(self, source: Source, work: Work) -> None:
        self._source = source
        self._work = work
        self._validators = make_validators(source.generator)
        self.tally = Tally()
        self.rejects: Counter[str] = Counter()
        self.missing: Counter[int] = Counter()
        self.rejected: list[pa.Table] = []

    def write(self, writer: ShardWriter) -> None:
        """Makes what was planned, then what replaces rejected rows; the rejects of the last round are missing."""
        for table, cells in self._planned():
            self._judge(writer, table, cells)
        for ranges in self._work.refills:
            self.missing.clear()
            for table, cells in self._replacing(ranges):
                self._judge(writer, table, cells)

    def _planned(self) -> Iterator[tuple[pa.Table, Numbers]]:
        work = self._work
        if work.candidates is not None:
            open_rows = OpenRows(self._source)
            for first in range(0, len(work.candidates), ROW_GROUP):
                table = open_rows.table(work.candidates[first : first + ROW_GROUP])
                yield table, np.zeros(table.num_rows, dtype=np.int64)
            return
        rows = self._source.rows(work.split)
        for first in range(work.first, work.last, ROW_GROUP):
            yield rows.range(first, min(first + ROW_GROUP, work.last))

    def _replacing(self, ranges: tuple[Range, ...]) -> Iterator[tuple[pa.Table, Numbers]]:
        cells = np.concatenate([np.full(last - first, cell) for cell, first, last in ranges])
        within = np.concatenate([np.arange(first, last) for _, first, last in ranges])
        rows = self._source.rows(self._work.split)
        for first in range(0, len(cells), ROW_GROUP):
            part = slice(first, first + ROW_GROUP)
            yield rows.of_cells(cells[part], within[part]), cells[part]

    def _judge(self, writer: ShardWriter, table: pa.Table, cells: Numbers) -> None:
        reasons = reasons_of(table, self._validators)
        if reasons.null_count < len(reasons):
            refused = pc.is_valid(reasons)
            why = reasons.filter(refused)
            self.rejected.append(table.filter(refused).append_column("reason", why))
            self.rejects.update(why.to_pylist())
            self.missing.update(cells[np.asarray(refused)].tolist())
            accepted = pc.invert(refused)
            table, cells = table.filter(accepted), cells[np.asarray(accepted)]
        if table.num_rows or not writer.n_rows:
            writer.write(table)
        self.tally.add(table, self._strata(cells))

    def _strata(self, cells: Numbers) -> pa.DictionaryArray:
        names = getattr(self._source.generator, "strata", ("all",))
        if self._work.candidates is None:
            cells = self._source.plan.splits[self._work.split].cell_strata[cells]
        return coded(cells, pa.array(names, pa.string()))


def _save_tally(work: Work, tally: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, tally.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(tally)
    data = sink.getvalue().to_pybytes()
    with work.parts.write(tally_name(work.name)) as handle:
        handle.write(data)
    return sha256(data).hexdigest()


def _save_rejects(work: Work, rejected: list[pa.Table]) -> str:
    if not rejected:
        work.parts.remove(rejects_name(work.name))
        return ""
    with work.parts.write(rejects_name(work.name)) as handle, ShardWriter(handle) as writer:
        writer.write(pa.concat_tables(rejected).combine_chunks())
    return writer.sha256


def tally_name(shard: str) -> str:
    """Names the file with a shard's tally."""
    return f"{shard}.tally.arrow"


def rejects_name(shard: str) -> str:
    """Names the file with the rows that a shard lost."""
    return f"{shard}.rejects.parquet"


def read_tally(place: Place, shard: str) -> pa.Table:
    """Reads the tally of a finished shard."""
    return pa.ipc.open_file(pa.py_buffer(place.child(PARTS).read(tally_name(shard)))).read_all()


def read_marker(work: Work) -> Done | None:
    """Reads the marker of a finished shard; None if there is none or the shard is not what it says."""
    try:
        done = Done(**json.loads(work.parts.read(f"{work.name}.json")))
        if (done.fingerprint, done.refills) != (work.fingerprint, len(work.refills)):
            return None
        if sha256(work.parts.read(tally_name(work.name))).hexdigest() != done.tally_sha256:
            return None
        if done.rejects and sha256_of(work.parts, rejects_name(work.name)) != done.rejects_sha256:
            return None
        if work.place.size(work.name) != done.bytes or sha256_of(work.place, work.name) != done.sha256:
            return None
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return replace(done, missing={int(cell): n for cell, n in done.missing.items()})
