"""Edit similarity: how much of the answer would have to be changed."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from sdp.benchmarks.answer_metric import AnswerMetric
from sdp.data.graphemes import graphemes


class EditSimilarity(AnswerMetric):
    """1 - Levenshtein distance / length of the longer one, over letters (grapheme clusters); 1 for two empty texts."""

    name = "edit_similarity"

    @property
    def signature(self) -> str:
        """How the score is made."""
        return f"edit_similarity: 1 - Levenshtein / longer length, NFC grapheme clusters; {self.rule.name}; case kept"

    def judge(self, answers: Sequence[str | None], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Compares every pair; see `AnswerMetric.judge`. No answer scores 0."""
        pairs = zip(answers, references, strict=True)
        return np.array([0.0 if said is None else _similarity(said, right) for said, right in pairs], float)


def _similarity(said: str, right: str) -> float:
    if said == right:
        return 1.0
    if said.isascii() and right.isascii():  # every character is a letter of its own
        return Levenshtein.normalized_similarity(said, right)
    return Levenshtein.normalized_similarity(graphemes(said), graphemes(right))
