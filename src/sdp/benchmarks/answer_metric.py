"""What our metrics of texts have in common: a rule takes the answer out, then answers are compared."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sdp.benchmarks.extraction import LAST_LINE, Rule, take_all
from sdp.contract.metric import Metric


class AnswerMetric(Metric):
    """Scores answers.

    Args:
        rule: Takes the answer out of an output.
    """

    def __init__(self, rule: Rule = LAST_LINE) -> None:
        self.rule = rule

    def rows(self, predictions: Sequence[str], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Takes the answers out and compares every pair; see `Metric.rows`."""
        answers = take_all(self.rule, predictions, references)
        return self.judge(answers, [self.rule.right(reference) for reference in references])

    @abstractmethod
    def judge(self, answers: Sequence[str | None], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Scores answers that are taken out already.

        Args:
            answers: None where the rule did not apply.
            references: What is right, as `Rule.right` gives it.

        Returns:
            One score per row, (n_rows,).
        """
