"""Format failures: answers that do not even look like one."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import regex

from sdp.benchmarks.scored_line import SCORED_LINE, scored_line
from sdp.contract.metric import Metric
from sdp.errors import InputError


class FormatFailure(Metric):
    """1 where the scored line does not fully match the task's answer pattern, else 0; a right answer never fails.

    It tells "the model has forgotten how to answer" from "the model answers, and wrongly".

    Args:
        pattern: The generator's `answer_pattern` (`regex` syntax, full match).

    Raises:
        InputError: The pattern is not a regular expression.
    """

    name = "format_failure"
    higher_is_better = False

    def __init__(self, pattern: str = r"(?s).+") -> None:
        try:
            self._pattern = regex.compile(pattern)
        except regex.error as error:
            raise InputError(f"answer pattern is not a regular expression: {error}", where=pattern) from error

    @property
    def signature(self) -> str:
        """How the score is made."""
        return f"format_failure: {SCORED_LINE}, not right, does not fully match {self._pattern.pattern}"

    def rows(self, predictions: Sequence[str], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Matches every prediction; see `Metric.rows`."""
        return np.array([not self._fits(p, r) for p, r in zip(predictions, references, strict=True)], float)

    def _fits(self, prediction: str, reference: str) -> bool:
        line = scored_line(prediction, reference)
        return line == scored_line(reference, reference) or self._pattern.fullmatch(line) is not None
