"""What readers give: records with the place they came from, and lines that are no records."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

ROWS = 4096
"""Records that travel together …"""
BYTES = 8 << 20
"""… or fewer, when they are long: what a reader holds in memory."""


class Record(NamedTuple):
    """One object, line or row of a file."""

    line: int
    """Where it begins: a line of a text file, a row of the others; from 1."""
    fields: dict[str, Any]


class Fault(NamedTuple):
    """One place of a file that is no record."""

    line: int
    reason: str
    text: str
    """Its beginning, as far as it can be shown."""


@dataclass
class Chunk:
    """Some records of a source, in order."""

    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    split: str | None = None
    """What the file calls the split, where its layout says one."""
    n_bytes: int = 0
    """About how much of the file it was."""

    @property
    def is_full(self) -> bool:
        """Whether it is time to work on it."""
        return len(self.records) >= ROWS or self.n_bytes >= BYTES
