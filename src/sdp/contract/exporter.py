"""What writes rows in another format."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a user may say about a format. An exporter names what it heeds in `Exporter.uses`; the rest is refused."""

    tokenizer: str | None = None
    """Of which model: ``tiny``, a folder, or a name on the Hugging Face hub."""
    prompt_format: str | None = None
    """How a question becomes the text that a model reads: ``plain``, ``human-assistant``, ``chat``, ``auto``."""
    system: str | None = None
    """A system message, put before every question."""
    max_length: int | None = None
    """Tokens of the longest row that is written."""


class Exporter(ABC):
    """Writes a task's splits into a folder.

    Args:
        options: The user's choice. A class whose `uses` is empty is made without any.
    """

    name: ClassVar[str]
    """The word that `sdp export --to` takes."""
    uses: ClassVar[frozenset[str]] = frozenset()
    """Fields of `ExportOptions` that it heeds."""

    def __init__(self, options: ExportOptions | None = None) -> None:
        self.options = options or ExportOptions()
        self.left_out: dict[str, int] = {}
        """Reason → rows that were read and not written: whoever leaves rows out counts them here, and users see it."""

    @abstractmethod
    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes every split. The same rows give the same bytes, on any machine.

        Args:
            splits: Name and rows of each split that has any; batches are read once, so memory stays flat.
            schema: Of all of them.
            folder: An empty folder that will be renamed into place afterwards.

        Returns:
            The files, in the order they were written.
        """
