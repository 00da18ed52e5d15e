"""The records of a file, whatever its format, and the fields that the format itself gives a meaning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Record = tuple[int, Mapping[str, Any]]
"""Where it stands (line, row or number, from 1) and its fields."""


@dataclass(frozen=True)
class Source:
    """A file to be read once.

    Attributes:
        path: The file.
        records: Its records, read as they are asked for.
        kind: What it is, for people.
        prediction: The field that holds what the model said, where the format says so.
        reference: The field that holds what is right, where the format says so.
        label: What the file says the model is called.
        task: What the file says the task is called.
        notes: What the reader should know; complete when all records are read.
    """

    path: Path
    records: Iterable[Record]
    kind: str
    prediction: str | None = None
    reference: str | None = None
    label: str | None = None
    task: str | None = None
    notes: list[str] = field(default_factory=list)
