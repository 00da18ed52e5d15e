"""What judges rows before they are written."""

from abc import ABC, abstractmethod
from typing import ClassVar

import pyarrow as pa

from sdp.contract.generator import Generator


class Validator(ABC):
    """Looks at rows, chunk by chunk, and may keep state over a data set.

    Args:
        generator: The task that the rows claim to come from.
    """

    name: ClassVar[str]
    """The word that reasons and reports use."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator

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
