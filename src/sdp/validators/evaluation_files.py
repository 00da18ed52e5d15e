"""Reads the questions of named evaluation files: JSONL, CSV or Parquet, one question a row."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sdp.errors import InputError, near

COLUMNS = ("prompt", "question", "text", "input", "instruction")
"""Where the question stands: the first of these that a row has."""
READERS = (".jsonl", ".ndjson", ".csv", ".parquet")


def read_questions(path: Path) -> list[tuple[int, str]]:
    """Reads all questions of a file.

    Args:
        path: Its ending says its format.

    Returns:
        Line (of a Parquet file: row, from 1) and text of each.

    Raises:
        InputError: The file is not there, is not of its format, or has no column that holds questions.
    """
    rows = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv_rows, ".parquet": _parquet_rows}
    if path.suffix.lower() not in rows:
        hint = near(path.suffix.lower(), READERS).replace("choices are", "formats are")
        raise InputError(f"'{path.name}' is no evaluation file that can be read", where=str(path), hint=hint)
    if not path.is_file():
        raise InputError("there is no such evaluation file", where=str(path))
    try:
        found = [(line, _question(row, path, line)) for line, row in rows[path.suffix.lower()](path)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"the evaluation file cannot be read: {error}", where=str(path)) from error
    if not found:
        raise InputError("the evaluation file holds no questions", where=str(path))
    return found


def _question(row: Any, path: Path, line: int) -> str:
    if not isinstance(row, dict):
        raise InputError("an evaluation row is an object with a question in it", where=f"{path}:{line}")
    name = next((column for column in COLUMNS if row.get(column) is not None), None)
    if name is None:
        listed = ", ".join(map(str, row)) or "there are none"
        hint = f"a question stands in {', '.join(COLUMNS[:-1])} or {COLUMNS[-1]}; columns are: {listed}"
        raise InputError("the evaluation row has no question", where=f"{path}:{line}", hint=hint)
    if not isinstance(row[name], str):
        raise InputError(f"'{name}' is {type(row[name]).__name__}, not text", where=f"{path}:{line}")
    return str(row[name])


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open(encoding="utf-8-sig") as handle:
        for line, text in enumerate(handle, start=1):
            if text.strip():
                try:
                    yield line, json.loads(text)
                except ValueError as error:
                    raise InputError(f"the line is not JSON: {error}", where=f"{path}:{line}") from error


def _csv_rows(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        for row in reader:
            yield reader.line_num, {name: value for name, value in row.items() if name is not None}


def _parquet_rows(path: Path) -> Iterator[tuple[int, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as parquet:
            names = [name for name in COLUMNS if name in parquet.schema_arrow.names]
            row = 0
            for batch in parquet.iter_batches(columns=names) if names else ():
                for record in batch.to_pylist():
                    row += 1
                    yield row, record
            if not names:
                yield 1, dict.fromkeys(parquet.schema_arrow.names)
    except pa.ArrowException as error:
        raise InputError(f"the evaluation file cannot be read: {error}", where=str(path)) from error
