"""Our metrics as `evaluate.Metric` classes, for use with Hugging Face tools and without a network.

`evaluate.load` asks the hub for code; these are subclasses that are simply instantiated::

    from sdp.benchmarks.hf_evaluate import ExactMatch
    ExactMatch().compute(predictions=["s-t-r-w"], references=["s-t-r-a-w"])  # {'exact_match': 0.0}
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import datasets
import evaluate

from sdp.benchmarks.metrics.answer_bits_per_char import AnswerBitsPerChar as BitsPerChar
from sdp.benchmarks.metrics.answer_ppl_token import AnswerPplToken as PplToken
from sdp.benchmarks.metrics.edit_similarity import EditSimilarity as Edit
from sdp.benchmarks.metrics.exact_match import ExactMatch as Exact
from sdp.benchmarks.metrics.format_failure import FormatFailure as Failure
from sdp.benchmarks.metrics.rouge_l import RougeL as Rouge
from sdp.contract.metric import Metric

_TEXT = {"predictions": "what the model said", "references": "what is right"}


class _Ours(evaluate.Metric):  # type: ignore[misc]  # evaluate has no types
    """Common ground: describes a metric of ours the way `evaluate` wants it."""

    inputs: ClassVar[dict[str, datasets.Value]] = {
        "predictions": datasets.Value("string"),
        "references": datasets.Value("string"),
    }
    explained: ClassVar[dict[str, str]] = _TEXT

    def _describe(self) -> str:
        raise NotImplementedError

    def _info(self) -> evaluate.MetricInfo:
        lines = "\n".join(f"    {name}: {text}, one per row." for name, text in self.explained.items())
        return evaluate.MetricInfo(
            description=self._describe(),
            citation="",
            inputs_description=f"\nArgs:\n{lines}\n",
            features=datasets.Features(self.inputs),
        )


class _OfText(_Ours):
    def _metric(self) -> Metric:
        raise NotImplementedError

    def _describe(self) -> str:
        return self._metric().signature

    def _compute(self, predictions: Sequence[str], references: Sequence[str]) -> dict[str, float]:
        metric = self._metric()
        return {metric.name: metric.corpus(predictions, references)}


class ExactMatch(_OfText):
    """Share of rows whose last line is the reference."""

    def _metric(self) -> Metric:
        return Exact()


class RougeL(_OfText):
    """Mean ROUGE-L F-measure with a Unicode tokenizer."""

    def _metric(self) -> Metric:
        return Rouge()


class EditSimilarity(_OfText):
    """Mean normalised Levenshtein similarity of letters."""

    def _metric(self) -> Metric:
        return Edit()


class FormatFailure(_OfText):
    """Share of rows whose last line does not have the form of an answer.

    Args:
        pattern: What an answer looks like (`regex` syntax, full match).
        **kwargs: For `evaluate.Metric`.
    """

    def __init__(self, pattern: str = r"(?s).+", **kwargs: Any) -> None:
        self._pattern = pattern
        super().__init__(**kwargs)

    def _metric(self) -> Metric:
        return Failure(self._pattern)


class _OfLikelihoods(_Ours):
    inputs: ClassVar[dict[str, datasets.Value]] = {
        "predictions": datasets.Value("float64"),
        "references": datasets.Value("int64"),
    }
    score: ClassVar[type[PplToken] | type[BitsPerChar]]

    def _describe(self) -> str:
        return self.score.signature

    def _compute(self, predictions: Sequence[float], references: Sequence[int]) -> dict[str, float]:
        return {self.score.name: self.score.corpus(predictions, references)}


class AnswerPplToken(_OfLikelihoods):
    """Perplexity per token from summed NLLs (`predictions`, nats) and token counts (`references`)."""

    score = PplToken
    explained: ClassVar[dict[str, str]] = {"predictions": "summed NLL in nats", "references": "tokens summed over"}


class AnswerBitsPerChar(_OfLikelihoods):
    """Bits per character from summed NLLs (`predictions`, nats) and character counts (`references`)."""

    score = BitsPerChar
    explained: ClassVar[dict[str, str]] = {"predictions": "summed NLL in nats", "references": "characters"}
