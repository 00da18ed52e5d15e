"""Cluster bootstrap: an interval for the mean of a continuous score, without a normality assumption."""

import math
import warnings
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from sdp.stats.arrays import Clusters, Floats, Groups, as_values
from sdp.stats.intervals import cluster_se, why_undefined
from sdp.stats.results import UNPAIRED, Estimate

ESTIMATOR = "mean over rows, {method} bootstrap of whole keys, {n_resamples} draws, tails widened for n_clusters"
# scipy's BCa leaves out one key at a time, which costs the square of their number. Beyond this it is the percentile
# interval to within the noise of the draws.
_BCA_KEYS = 5_000
_BATCH_KEYS = 2_000_000


def cluster_bootstrap(
    values: npt.ArrayLike,
    clusters: Clusters = None,
    *,
    confidence: float = 0.95,
    n_resamples: int = 9_999,
    seed: int = 0,
    pairing: str = UNPAIRED,
) -> Estimate:
    """Estimates a mean by drawing whole keys with replacement.

    Estimator: mean over rows; BCa interval, percentile where BCa is not defined or above 5,000 keys; two-sided. The
    tail share is Phi(-sqrt(G/(G-1)) t), not Phi(-z): the bootstrap spread of G keys is too small by that factor
    (Hesterberg, Am. Stat. 69, 2015, 371-386, "expanded percentile"). On scores with heavy tails it is still too
    narrow, see docs/statistics.md: a second opinion beside `clustered_mean`, not a replacement. Pairing: none; for
    paired scores give the differences.

    Not defined: one cluster, n = 1, clusters that do not vary.

    Args:
        values: One score, or one difference, per row.  # (n_rows,)
        clusters: One label per row; None takes rows as independent.
        confidence: Share of intervals that hold the true mean.
        n_resamples: Bootstrap samples.
        seed: Of the draws; the interval depends on it a little, not on the order of the rows.
        pairing: What to write into the result.

    Returns:
        Mean, CR1 standard error and interval.

    Raises:
        InputError: No rows, NaN (with its row), or labels that do not fit.
    """
    scores = as_values(values, "values")
    groups = Groups.of(clusters, scores.size)
    se = cluster_se(scores, groups)
    method: str = "BCa"
    low: float | None = None
    high: float | None = None
    if se is not None:
        method, low, high = _interval(groups.totals(scores), groups.sizes, confidence, n_resamples, seed)
    return Estimate(
        estimator=ESTIMATOR.format(method=method, n_resamples=n_resamples),
        pairing=pairing,
        n=int(scores.size),
        n_clusters=groups.n,
        effect=float(scores.mean()),
        se=se,
        low=low,
        high=high,
        confidence=confidence,
        note=why_undefined(groups) if se is None else "",
    )


def _interval(
    totals: Floats,
    sizes: Floats,
    confidence: float,
    n_resamples: int,
    seed: int,
) -> tuple[str, float, float]:
    order = np.lexsort((sizes, totals))  # the draws must not depend on the order of the rows
    data = (totals[order], sizes[order])
    level = _widened(confidence, totals.size)
    batch = max(1, _BATCH_KEYS // totals.size)
    method: Literal["BCa", "percentile"] = "BCa" if totals.size <= _BCA_KEYS else "percentile"
    with warnings.catch_warnings():
        # An undefined BCa interval warns and is NaN: the percentile interval below takes its place.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        drawn = stats.bootstrap(
            data,
            _ratio,
            paired=True,
            vectorized=True,
            n_resamples=n_resamples,
            batch=batch,
            confidence_level=level,
            method=method,
            rng=np.random.default_rng(seed),
        )
    low, high = map(float, drawn.confidence_interval)
    if math.isnan(low) or math.isnan(high):
        method = "percentile"
        tails = [(1 - level) / 2, (1 + level) / 2]
        low, high = map(float, np.quantile(drawn.bootstrap_distribution, tails))
    return method, low, high


def _ratio(totals: Floats, sizes: Floats, axis: int = -1) -> Floats:
    return np.asarray(totals.sum(axis=axis) / sizes.sum(axis=axis))


def _widened(confidence: float, n_clusters: int) -> float:
    critical = float(stats.t.ppf((1 + confidence) / 2, n_clusters - 1))
    tail = float(stats.norm.sf(math.sqrt(n_clusters / (n_clusters - 1)) * critical))
    return 1 - 2 * max(tail, 1e-9)  # scipy wants a level below 1
