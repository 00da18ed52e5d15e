"""Format failures: answers that do not even look like one."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import regex

from sdp.benchmarks.answer_metric import AnswerMetric
from sdp.benchmarks.extraction import LAST_LINE, Rule
from sdp.errors import InputError


class FormatFailure(AnswerMetric):
    """1 where there is no answer, or one that does not fully match the task's pattern, else 0; a right one never fails.

    It tells "the model has forgotten how to answer" from "the model answers, and wrongly".

    Args:
        pattern: The generator's `answer_pattern` (`regex` syntax, full match).
        rule: Takes the answer out of an output.

    Raises:
        InputError: The pattern is not a regular expression.
    """

    name = "format_failure"
    higher_is_better = False

    def __init__(self, pattern: str = r"(?s).+", rule: Rule = LAST_LINE) -> None:
        super().__init__(rule)
        try:
            self._pattern = regex.compile(pattern)
        except regex.error as error:
            raise InputError(f"answer pattern is not a regular expression: {error}", where=pattern) from error

    @property
    def signature(self) -> str:
        """How the score is made."""
        return f"format_failure: {self.rule.name}, not right, does not fully match {self._pattern.pattern}"

    def judge(self, answers: Sequence[str | None], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Matches every answer; see `AnswerMetric.judge`."""
        return np.array([not self._fits(said, right) for said, right in zip(answers, references, strict=True)], float)

    def _fits(self, said: str | None, right: str) -> bool:
        return said is not None and (said == right or self._pattern.fullmatch(said) is not None)
