"""Exact match: the answer, the whole answer and nothing but the answer."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sdp.benchmarks.scored_line import SCORED_LINE, scored_line
from sdp.contract.metric import Metric


class ExactMatch(Metric):
    """1 where the scored line equals the reference, character by character, else 0.

    There is no partial credit and no digging for numbers: ``13`` is not ``3``, and ``A`` is not ``a``.
    """

    name = "exact_match"

    @property
    def signature(self) -> str:
        """How the score is made."""
        return f"exact_match: {SCORED_LINE}; case, punctuation and Unicode form kept"

    def rows(self, predictions: Sequence[str], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Compares every pair; see `Metric.rows`."""
        pairs = zip(predictions, references, strict=True)
        return np.array([scored_line(p, r) == scored_line(r, r) for p, r in pairs], float)
