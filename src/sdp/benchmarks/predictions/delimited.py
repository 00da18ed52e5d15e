"""CSV and TSV: a header, then one record a row."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sdp.benchmarks.predictions.opened import lines
from sdp.benchmarks.predictions.source import Record, Source
from sdp.errors import InputError


def read_csv(path: Path) -> Source:
    """Reads a file with commas between the cells.

    Args:
        path: The file.
    """
    return Source(path, _records(path, ","), "CSV")


def read_tsv(path: Path) -> Source:
    """Reads a file with tabs between the cells.

    Args:
        path: The file.
    """
    return Source(path, _records(path, "\t"), "TSV")


def _records(path: Path, delimiter: str) -> Iterator[Record]:
    with _long_cells():
        reader = csv.reader((line for _, line in lines(path)), delimiter=delimiter, strict=True)
        try:
            header = next(reader)
            _check_header(header, path)
            n_rows = 0
            for row in reader:
                if not row and len(header) > 1:
                    continue  # a blank line between rows; with one column it is an empty cell
                cells = row or [""]
                if len(cells) != len(header):
                    what = f"the row has {len(cells)} cells, the header has {len(header)}"
                    raise InputError(what, where=f"{path}:{reader.line_num}", hint="quote cells that hold a delimiter")
                n_rows += 1
                yield reader.line_num, dict(zip(header, cells, strict=True))
        except csv.Error as error:
            where = f"{path}:{reader.line_num}"
            raise InputError(f"the line cannot be read: {error}", where=where) from error
    if n_rows == 0:
        raise InputError(f"'{path.name}' has a header and no rows", where=str(path))


def _check_header(header: list[str], path: Path) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise InputError(f"two columns are called '{twice[0]}'", where=f"{path}:1", hint="rename one of them")


@contextmanager
def _long_cells() -> Iterator[None]:
    """Lifts the limit of 131,072 characters a cell, which belongs to the whole process, for as long as we read."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)
