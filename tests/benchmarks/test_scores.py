import math

import numpy as np
import pytest
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks.metrics.exact_match import ExactMatch
from sdp.benchmarks.scores import likelihood_scores, plugin_score, unit_score
from sdp.contract.metric import Metric
from sdp.errors import PluginError


class Length(Metric):
    """Counts the characters of the output: no share, and a mean of rows."""

    name = "length"
    signature = "length: code points"

    def rows(self, predictions, references):
        return np.array([len(p) for p in predictions], float)


class Longest(Length):
    name = "longest"

    def corpus(self, predictions, references):
        return float(max(map(len, predictions)))


class Broken(Length):
    name = "broken"

    def rows(self, predictions, references):
        raise ZeroDivisionError("oh")


class NotANumber(Length):
    name = "nan"

    def corpus(self, predictions, references):
        return math.nan


def test_intervals_are_clustered_by_key():
    right = np.array([1.0, 1, 1, 1, 0, 0, 0, 0] * 10)
    apart = unit_score(ExactMatch(), right, [f"w{i}" for i in range(80)])
    together = unit_score(ExactMatch(), right, [f"w{i // 4}" for i in range(80)])
    assert apart.value == together.value == 0.5
    assert together.high - together.low > 1.5 * (apart.high - apart.low)


def test_no_variance_no_interval():
    score = unit_score(ExactMatch(), np.zeros(5), list("abcde"))
    assert (score.value, score.low, score.high) == (0, None, None)


def test_likelihoods_are_ratios_of_sums_with_the_linearised_interval():
    rng = np.random.default_rng(0)
    n_tokens = rng.integers(1, 9, 60)
    nll = rng.gamma(2.0, 1.0, 60) * n_tokens
    rows = bench_rows("m", [0] * 60, nll=nll, n_answer_tokens=n_tokens, n_answer_chars=2 * n_tokens)
    ppl, bits = likelihood_scores(rows, [f"w{i}" for i in range(60)])
    ratio = nll.sum() / n_tokens.sum()
    assert ppl.value == pytest.approx(math.exp(ratio))
    assert bits.value == pytest.approx(ratio / 2 / math.log(2))
    # Taylor linearisation of a ratio, as in any survey textbook
    residuals = nll - ratio * n_tokens
    se = math.sqrt(60 / 59 * (residuals**2).sum()) / n_tokens.sum()
    from scipy import stats

    half = stats.t.ppf(0.975, 59) * se
    assert ppl.low == pytest.approx(math.exp(ratio - half))
    assert ppl.high == pytest.approx(math.exp(ratio + half))
    assert not ppl.higher_is_better
    assert not bits.higher_is_better


def test_a_model_that_is_far_off_still_gives_a_finite_number():
    rows = bench_rows("m", [0, 0, 0], nll=[5000.0, 4000.0, 6000.0], n_answer_tokens=[1, 1, 1])
    ppl, _ = likelihood_scores(rows, list("abc"))
    assert math.isfinite(ppl.value)


def test_plugin_metrics_get_an_interval_when_they_are_means():
    outputs, keys = ["a", "bb", "cccc"], list("xyz")
    mean = plugin_score(Length(), outputs, outputs, keys)
    assert mean.value == pytest.approx(7 / 3)
    assert mean.low < mean.value < mean.high
    assert mean.signature == "length: code points"
    longest = plugin_score(Longest(), outputs, outputs, keys)
    assert (longest.value, longest.low, longest.high) == (4.0, None, None)


@pytest.mark.parametrize("metric", [Broken, NotANumber])
def test_a_broken_plugin_metric_is_named(metric):
    with pytest.raises(PluginError, match=f"metric '{metric.name}'"):
        plugin_score(metric(), ["a"], ["a"], ["k"])
