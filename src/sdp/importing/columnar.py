"""Parquet and Arrow files, and data sets of the `datasets` library: rows by their number."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.errors import InputError
from sdp.importing.chunks import BYTES, ROWS, Chunk, Fault, Record
from sdp.importing.opening import open_file, reading

MAGIC = b"ARROW1"
"""An Arrow file begins with it; what does not is a stream."""


def read_parquet(url: str) -> Iterator[Chunk]:
    """Reads a Parquet file, some rows at a time.

    Raises:
        InputError: It is none, or is damaged.
    """
    with open_file(url) as handle:
        try:
            with pq.ParquetFile(handle) as parquet:
                yield from _chunks(parquet.iter_batches(ROWS))
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"the file is not Parquet, or damaged: {_first(error)}", where=url) from error


def read_arrow(url: str) -> Iterator[Chunk]:
    """Reads an Arrow file (also called Feather) or stream.

    Raises:
        InputError: It is neither, or is damaged.
    """
    with open_file(url) as handle, reading(url):
        is_file = handle.read(len(MAGIC)) == MAGIC
        handle.seek(0)
        source = pa.PythonFile(handle, "r")
        try:
            if is_file:
                with pa.ipc.open_file(source) as batches:
                    yield from _chunks(batches.get_batch(number) for number in range(batches.num_record_batches))
            else:
                with pa.ipc.open_stream(source) as stream:
                    yield from _chunks(stream)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"the file is not Arrow, or damaged: {_first(error)}", where=url) from error


def read_dataset(dataset: Any) -> Iterator[Chunk]:
    """Reads one split of a data set of the `datasets` library, which maps it from disk."""
    tables: Iterable[pa.Table] = dataset.with_format("arrow").iter(ROWS)
    yield from _chunks(batch for table in tables for batch in table.to_batches())


def _chunks(batches: Iterable[pa.RecordBatch]) -> Iterator[Chunk]:
    """Gives rows as dictionaries, few of them at a time where they are long."""
    row = 1
    for batch in batches:
        if not batch.num_rows:
            continue
        n_rows = max(1, min(ROWS, batch.num_rows * BYTES // max(1, batch.nbytes)))
        for first in range(0, batch.num_rows, n_rows):
            part = batch.slice(first, n_rows)
            chunk = Chunk(n_bytes=part.nbytes)
            _add(chunk, part, row)
            yield chunk
            row += part.num_rows


def _add(chunk: Chunk, rows: pa.RecordBatch, first: int) -> None:
    """Reads some rows in one go; where that fails, one by one."""
    try:
        chunk.records += [Record(number, fields) for number, fields in enumerate(rows.to_pylist(), first)]
    except (ValueError, OverflowError) as error:
        if rows.num_rows > 1:
            for place in range(rows.num_rows):
                _add(chunk, rows.slice(place, 1), first + place)
            return
        is_text = isinstance(error, UnicodeDecodeError)
        reason = "a text in the row is not UTF-8" if is_text else f"a value in the row cannot be read: {_first(error)}"
        chunk.faults.append(Fault(first, reason, ""))


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]
