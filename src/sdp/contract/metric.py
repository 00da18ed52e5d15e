"""What scores predictions."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt


class Metric(ABC):
    """Scores predictions against references, per row and as a whole."""

    name: ClassVar[str]
    """The word that tables use."""
    higher_is_better: ClassVar[bool] = True

    @property
    @abstractmethod
    def signature(self) -> str:
        """How the score is made: everything that would change it, in one line."""

    @abstractmethod
    def rows(self, predictions: Sequence[str], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Scores each row.

        Args:
            predictions: What the model said.
            references: What is right.

        Returns:
            One score per row, (n_rows,).
        """

    def corpus(self, predictions: Sequence[str], references: Sequence[str]) -> float:
        """Scores all rows together: the mean, unless the metric says otherwise. NaN for no rows."""
        scores = self.rows(predictions, references)
        return float(scores.mean()) if scores.size else float("nan")
