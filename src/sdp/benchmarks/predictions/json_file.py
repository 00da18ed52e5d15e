"""One JSON value a file: a list of records or texts, an object around such a list, or texts by id."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sdp.benchmarks.predictions.inspect_log import is_inspect_log, of_inspect_log
from sdp.benchmarks.predictions.json_value import parsed
from sdp.benchmarks.predictions.opened import whole
from sdp.benchmarks.predictions.source import Record, Source
from sdp.errors import InputError

ID, TEXT = "id", "text"
"""Fields of records that are made of an object of texts by id; a list of texts has the second alone."""
SHAPES = 'a list of objects or texts, {"examples": [...]}, or {"id": "text", ...}'


def read_json(path: Path) -> Source:
    """Reads a whole file; an Inspect log is recognised.

    Args:
        path: The file.

    Raises:
        InputError: It is not JSON, names a key twice, or is of none of the shapes.
    """
    try:
        value = parsed(whole(path))
    except ValueError as error:
        hint = "one object a line is JSON Lines: end the name in .jsonl" if "Extra data" in str(error) else None
        raise InputError(f"'{path.name}' cannot be read as JSON: {error}", where=str(path), hint=hint) from error
    if is_inspect_log(value):
        return of_inspect_log(path, value)
    return _of_value(path, value)


def _of_value(path: Path, value: Any) -> Source:
    if isinstance(value, list):
        return _of_list(path, value)
    if isinstance(value, dict):
        inner = [name for name, part in value.items() if isinstance(part, list)]
        if len(inner) == 1:
            found = _of_list(path, value[inner[0]])
            found.notes.append(f"the records stand in '{inner[0]}'")
            return found
        if value and all(isinstance(text, str) for text in value.values()):
            records = [{ID: name, TEXT: text} for name, text in value.items()]
            return Source(path, _numbered(records), "JSON, texts by id", prediction=TEXT, reference=TEXT)
    raise InputError(f"'{path.name}' holds no list of records", where=str(path), hint=f"it may be {SHAPES}")


def _of_list(path: Path, values: list[Any]) -> Source:
    if not values:
        raise InputError(f"'{path.name}' holds no records", where=str(path))
    if all(isinstance(value, dict) for value in values):
        return Source(path, _numbered(values), "JSON")
    if not any(isinstance(value, (dict, list)) for value in values):
        records = [{TEXT: value} for value in values]
        return Source(path, _numbered(records), "JSON, a list of texts", prediction=TEXT, reference=TEXT)
    raise InputError(f"'{path.name}' mixes kinds of records", where=str(path), hint=f"it may be {SHAPES}")


def _numbered(records: list[dict[str, Any]]) -> Iterator[Record]:
    return iter(list(enumerate(records, start=1)))
