"""What judges rows before they are written, and data sets afterwards."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

import pyarrow as pa

from sdp.contract.generator import Generator


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What is known of a finished data set before its rows are read."""

    manifest: Mapping[str, Any] = field(default_factory=dict)
    """As ``manifest.json`` says it."""
    against: tuple[Path, ...] = ()
    """Evaluation files that nothing of it may occur in."""


class Validator(ABC):
    """Looks at rows, chunk by chunk, and may keep state over a data set.

    The order of calls is `begin` (only where the data set is finished), `reasons` for every chunk, `finish`, `notes`.

    Args:
        generator: The task that the rows claim to come from.
    """

    name: ClassVar[str]
    """The word that reasons and reports use."""
    scope: ClassVar[Literal["rows", "set"]] = "rows"
    """`rows`: every row is judged, in `sdp generate` before it is written and in `sdp validate`. `set`: no row is at
    fault, only the whole can be; runs in `sdp validate` alone."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator

    def begin(self, facts: DataFacts) -> str | None:
        """Learns what is known of a finished data set.

        Args:
            facts: Its manifest, and what it is to be compared with.

        Returns:
            Why there is nothing to judge in this data set (the validator is then not asked), or None.
        """
        del facts
        return None

    @abstractmethod
    def reasons(self, table: pa.Table) -> pa.Array:
        """Judges rows.

        Args:
            table: Rows in the row schema, any number of them.

        Returns:
            One string per row: why it is rejected, or null.
        """

    def finish(self) -> list[str]:
        """Says what is wrong with the data set as a whole, after all rows were seen."""
        return []

    def notes(self) -> list[str]:
        """Says what else was measured, after `finish`: effect sizes, shares, what could not be judged and why."""
        return []
