"""Perplexity of the completion per token: comparable between models with one tokenizer."""

import math
from collections.abc import Sequence

import numpy as np


class AnswerPplToken:
    """exp(summed NLL / summed tokens) over all rows, the end token included.

    A token-weighted mean: neither the mean of row perplexities nor the exponential of the mean *summed* NLL, which
    other tools print under the name perplexity.
    """

    name = "answer_ppl_token"
    higher_is_better = False
    signature = "answer_ppl_token: exp(summed NLL / summed tokens), teacher-forced completion with its end token"

    @staticmethod
    def corpus(nll: Sequence[float], n_tokens: Sequence[int]) -> float:
        """Scores all rows together.

        Args:
            nll: Nats per row, summed over the completion and its end token.
            n_tokens: Tokens that each sum runs over.

        Returns:
            1 for a model that is sure and right; NaN for no tokens.
        """
        total = int(np.sum(n_tokens))
        return math.exp(float(np.sum(nll)) / total) if total else math.nan
