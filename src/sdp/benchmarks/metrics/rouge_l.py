"""ROUGE-L with a tokenizer that knows other letters than a to z."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import regex

from sdp.benchmarks.scored_line import SCORED_LINE, scored_line
from sdp.contract.metric import Metric
from sdp.data.graphemes import graphemes

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def words(text: str) -> list[str]:
    """Splits a text into runs of letters, marks and digits of any script; case is kept."""
    return _WORD.findall(text)


def letters(text: str) -> list[str]:
    """Splits a text into letters and digits (grapheme clusters); separators and punctuation are dropped."""
    return [letter for word in words(text) for letter in graphemes(word)]


def is_spelled(text: str) -> bool:
    """Tells whether a text is a word taken apart, such as ``s-t-r-a-w``: two or more words of one letter each."""
    parts = words(text)
    return len(parts) > 1 and all(len(graphemes(part)) == 1 for part in parts)


class _Words:
    def tokenize(self, text: str) -> list[str]:
        return words(text)


class _Letters:
    def tokenize(self, text: str) -> list[str]:
        return letters(text)


class RougeL(Metric):
    """F-measure of the longest common subsequence of words; of letters where the reference is a spelled word.

    The package's own tokenizer keeps ``[a-z0-9]`` only: ``é`` would score 0 and ``A`` would equal ``a``. Separators do
    not count, as punctuation never does in ROUGE, so ``straw`` scores 1 against ``s-t-r-a-w``: the letters are right,
    and the format-failure rate says the rest.
    """

    name = "rouge_l"

    @property
    def signature(self) -> str:
        """How the score is made."""
        return (
            f"rouge_l: rouge-score F1, no stemming; Unicode words, or letters for a spelled reference; "
            f"{SCORED_LINE}; case kept"
        )

    def rows(self, predictions: Sequence[str], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Compares every pair; see `Metric.rows`."""
        return np.array([_f_measure(p, r) for p, r in zip(predictions, references, strict=True)], float)


def _f_measure(prediction: str, reference: str) -> float:
    score = _scorer(spelled=is_spelled(reference)).score(reference, scored_line(prediction, reference))
    return float(score["rougeL"].fmeasure)


@cache
def _scorer(*, spelled: bool) -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(["rougeL"], tokenizer=_Letters() if spelled else _Words())
