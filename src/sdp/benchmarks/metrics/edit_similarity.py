"""Edit similarity: how much of the answer would have to be changed."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from sdp.benchmarks.scored_line import SCORED_LINE, scored_line
from sdp.contract.metric import Metric
from sdp.data.graphemes import graphemes


class EditSimilarity(Metric):
    """1 - Levenshtein distance / length of the longer one, over letters (grapheme clusters); 1 for two empty texts."""

    name = "edit_similarity"

    @property
    def signature(self) -> str:
        """How the score is made."""
        return f"edit_similarity: 1 - Levenshtein / longer length, NFC grapheme clusters; {SCORED_LINE}; case kept"

    def rows(self, predictions: Sequence[str], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Compares every pair; see `Metric.rows`."""
        return np.array([_similarity(p, r) for p, r in zip(predictions, references, strict=True)], float)


def _similarity(prediction: str, reference: str) -> float:
    line, right = scored_line(prediction, reference), scored_line(reference, reference)
    return Levenshtein.normalized_similarity(graphemes(line), graphemes(right))
