"""ROUGE-L with a tokenizer that knows other letters than a to z."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import regex
from rapidfuzz.distance import LCSseq

from sdp.benchmarks.answer_metric import AnswerMetric
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


class RougeL(AnswerMetric):
    """F-measure of the longest common subsequence of words; of letters where the reference is a spelled word.

    The package rouge-score keeps ``[a-z0-9]`` only: ``é`` would score 0 and ``A`` would equal ``a``. Separators do
    not count, as punctuation never does in ROUGE, so ``straw`` scores 1 against ``s-t-r-a-w``: the letters are right,
    and the format-failure rate says the rest.
    """

    name = "rouge_l"

    @property
    def signature(self) -> str:
        """How the score is made."""
        return (
            f"rouge_l: rouge-score F1, no stemming; Unicode words, or letters for a spelled reference; "
            f"{self.rule.name}; case kept"
        )

    def judge(self, answers: Sequence[str | None], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Compares every pair; see `AnswerMetric.judge`. No answer scores 0."""
        pairs = zip(answers, references, strict=True)
        return np.array([0.0 if said is None else _f_measure(said, right) for said, right in pairs], float)


def _f_measure(said: str, right: str) -> float:
    """Lin, ROUGE (2004), equation 4 with beta = 1; what rouge-score gives for the same tokens, far faster."""
    if said == right:
        return 1.0 if _WORD.search(right) else 0.0
    tokens = letters if is_spelled(right) else words
    found, wanted = tokens(said), tokens(right)
    common = LCSseq.similarity(found, wanted)
    if common == 0:
        return 0.0
    precision, recall = common / len(found), common / len(wanted)
    return 2 * precision * recall / (precision + recall)
