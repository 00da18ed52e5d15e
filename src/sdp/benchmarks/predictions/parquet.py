"""Parquet: one record a row."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.benchmarks.predictions.source import Record, Source
from sdp.contract.rows import id_to_text
from sdp.errors import InputError


def read_parquet(path: Path) -> Source:
    """Reads a file batch by batch; ids of ours (uint64) become 16 hexadecimal digits, as in every text format.

    Args:
        path: The file.
    """
    return Source(path, _records(path), "Parquet")


def column_names(path: Path) -> list[str]:
    """Names the columns of a file.

    Raises:
        InputError: It is not there, or is no Parquet file.
    """
    try:
        return list(pq.read_schema(path).names)
    except FileNotFoundError as error:
        raise InputError(f"there is no file '{path}'", where=str(path.parent)) from error
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"'{path.name}' is no Parquet file: {error}", where=str(path)) from error


def _records(path: Path) -> Iterator[Record]:
    column_names(path)
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            wide = [field.name for field in file.schema_arrow if field.type == pa.uint64()]
            for batch in file.iter_batches():
                for row in batch.to_pylist():
                    number += 1
                    for name in wide:
                        row[name] = None if row[name] is None else id_to_text(row[name])
                    yield number, row
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"'{path.name}' cannot be read: {error}", where=str(path)) from error
    if number == 0:
        raise InputError(f"'{path.name}' has no rows", where=str(path))
