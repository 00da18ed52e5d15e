"""Bits per character of the completion: comparable between models with different tokenizers."""

import math
from collections.abc import Sequence

import numpy as np


class AnswerBitsPerChar:
    """Summed bits / summed characters (code points) of the completion over all rows.

    The bits of the end token are included (a model has to know where an answer ends), its characters are not (it has
    none).
    """

    name = "answer_bits_per_char"
    higher_is_better = False
    signature = "answer_bits_per_char: summed bits with the end token / summed code points, teacher-forced completion"

    @staticmethod
    def corpus(nll: Sequence[float], n_chars: Sequence[int]) -> float:
        """Scores all rows together.

        Args:
            nll: Nats per row, summed over the completion and its end token.
            n_chars: Code points of each completion.

        Returns:
            0 for a model that is sure and right; NaN for no characters.
        """
        total = int(np.sum(n_chars))
        return float(np.sum(nll)) / math.log(2) / total if total else math.nan
