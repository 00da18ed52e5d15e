"""What writes rows in another format."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import pyarrow as pa


class Exporter(ABC):
    """Writes a task's splits into a folder."""

    name: ClassVar[str]
    """The word that `sdp export --to` takes."""

    @abstractmethod
    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes every split.

        Args:
            splits: Name and rows of each split that has any; batches are read once, so memory stays flat.
            schema: Of all of them.
            folder: An empty folder that will be renamed into place afterwards.

        Returns:
            The files, in the order they were written.
        """
