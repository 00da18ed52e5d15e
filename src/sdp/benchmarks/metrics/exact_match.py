"""Exact match: the answer, the whole answer and nothing but the answer."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sdp.benchmarks.answer_metric import AnswerMetric


class ExactMatch(AnswerMetric):
    """1 where the answer equals the reference, character by character, else 0.

    There is no partial credit and no digging for numbers: ``13`` is not ``3``, and ``A`` is not ``a``.
    """

    name = "exact_match"

    @property
    def signature(self) -> str:
        """How the score is made."""
        return f"exact_match: {self.rule.name}; case, punctuation and Unicode form kept"

    def judge(self, answers: Sequence[str | None], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Compares every pair; see `AnswerMetric.judge`."""
        return np.array([said == right for said, right in zip(answers, references, strict=True)], float)
