"""JSON Lines: one object a line."""

from collections.abc import Iterator
from pathlib import Path

from sdp.benchmarks.predictions.json_value import parsed
from sdp.benchmarks.predictions.opened import lines
from sdp.benchmarks.predictions.source import Record, Source
from sdp.errors import InputError


def read_json_lines(path: Path) -> Source:
    """Reads a file of objects; blank lines between them are passed over.

    Args:
        path: The file.
    """
    return Source(path, _records(path), "JSON Lines")


def _records(path: Path) -> Iterator[Record]:
    n_records = 0
    for number, line in lines(path):
        if not line.strip():
            continue
        try:
            value = parsed(line)
        except ValueError as error:
            raise InputError(f"the line cannot be read as JSON: {error}", where=f"{path}:{number}") from error
        if not isinstance(value, dict):
            raise InputError(
                f"the line is {type(value).__name__}, not an object", where=f"{path}:{number}",
                hint='one object a line, such as {"id": "17", "prediction": "s-t-r-a-w"}',
            )  # fmt: skip
        n_records += 1
        yield number, value
    if n_records == 0:
        raise InputError(f"'{path.name}' holds no objects", where=str(path))
