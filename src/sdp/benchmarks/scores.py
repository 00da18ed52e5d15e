"""From scores per row to one score with an interval, clustered by key."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.benchmarks.columns import floats, integers
from sdp.benchmarks.metrics.answer_bits_per_char import AnswerBitsPerChar
from sdp.benchmarks.metrics.answer_ppl_token import AnswerPplToken
from sdp.benchmarks.result import Score
from sdp.contract.metric import Metric
from sdp.errors import PluginError
from sdp.stats import Estimate, clustered_mean, clustered_share

_LARGEST_EXPONENT = 700.0
"""e^709 is the largest double; a model this far off has no perplexity worth its digits."""


def unit_score(metric: Metric, values: npt.NDArray[np.float64], keys: Sequence[str]) -> Score:
    """Summarises a metric whose rows lie in 0..1.

    Args:
        metric: Its name, direction and signature.
        values: One score per row, (n_rows,).
        keys: One key per row.
    """
    return _score(metric, clustered_share(values, keys), metric.signature)


def likelihood_scores(rows: pa.Table, keys: Sequence[str]) -> list[Score]:
    """Summarises the likelihoods: perplexity per token and bits per character.

    Args:
        rows: A bench's rows of one task and model.
        keys: One key per row.
    """
    nll = floats(rows, "nll")
    per_token = _per_unit(nll, integers(rows, "n_answer_tokens"), keys)
    per_char = _per_unit(nll, integers(rows, "n_answer_chars"), keys)
    return [
        _transformed(AnswerPplToken, per_token, lambda nats: math.exp(min(nats, _LARGEST_EXPONENT))),
        _transformed(AnswerBitsPerChar, per_char, lambda nats: nats / math.log(2)),
    ]


def plugin_score(
    metric: Metric, outputs: Sequence[str], references: Sequence[str], keys: Sequence[str], how: str = ""
) -> Score:
    """Runs a metric of somebody else's.

    A corpus score that is not the mean of its rows has no interval here.

    Args:
        metric: The metric.
        outputs: What the model wrote.
        references: What is right.
        keys: One key per row.
        how: What was done to the outputs before; added to the signature.

    Raises:
        PluginError: The metric fails, or gives something that is no score.
    """
    try:
        value = float(metric.corpus(outputs, references))
        estimate = clustered_mean(metric.rows(outputs, references), keys)
        signature = f"{metric.signature}{how}"
    except Exception as error:  # a plugin may raise anything
        raise PluginError(f"metric '{metric.name}' fails: {error}", where=type(metric).__module__) from error
    if not math.isfinite(value):
        raise PluginError(f"metric '{metric.name}' gives {value}", where=type(metric).__module__)
    if math.isclose(value, estimate.effect, rel_tol=1e-9, abs_tol=1e-12):
        return _score(metric, estimate, signature)
    return Score(metric.name, value, None, None, signature, metric.higher_is_better)


def _score(metric: Metric, estimate: Estimate, signature: str) -> Score:
    return Score(metric.name, estimate.effect, estimate.low, estimate.high, signature, metric.higher_is_better)


def _per_unit(nll: npt.NDArray[np.float64], n_units: npt.NDArray[np.int64], keys: Sequence[str]) -> Estimate:
    """Estimates summed NLL / summed units with its clustered interval.

    Each unit (token, character) counts as a row with its row's mean: the mean over units is the ratio of the sums, and
    the cluster-robust standard error becomes the linearised one of a ratio.
    """
    repeated = np.repeat(np.asarray(keys, dtype=object), n_units)
    return clustered_mean(np.repeat(nll / n_units, n_units), repeated)


def _transformed(
    metric: type[AnswerPplToken] | type[AnswerBitsPerChar], nats: Estimate, scale: Callable[[float], float]
) -> Score:
    low, high = (None if end is None else scale(end) for end in (nats.low, nats.high))
    return Score(metric.name, scale(nats.effect), low, high, metric.signature, metric.higher_is_better)
