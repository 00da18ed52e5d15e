"""Mean over rows with a cluster-robust t interval: for scores without bounds, and for their paired differences.

For accuracies use `sdp.stats.shares`: near 0 and 1 this interval is too narrow and leaves 0..1.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

from sdp.stats.arrays import Clusters, Floats, Groups, as_values, check_pairs
from sdp.stats.results import PAIRED, UNPAIRED, Estimate

ESTIMATOR = "mean over rows, CR1 cluster-robust standard error, t with n_clusters - 1 degrees of freedom"
ONE_CLUSTER = "interval not defined: one cluster has no variance between clusters"
NO_VARIANCE = "interval not defined: the clusters do not vary"
# Rounding in a sum of n values leaves a residue of this size relative to the values: it is no variance.
_RESIDUE = 1e-12


def clustered_mean(values: npt.ArrayLike, clusters: Clusters = None, *, confidence: float = 0.95) -> Estimate:
    """Estimates the mean of a score whose rows come in clusters.

    Estimator: mean over rows (large clusters weigh more), CR1 standard error, t with ``n_clusters - 1`` degrees of
    freedom. Pairing: none. Two-sided. Source: Miller, arXiv 2411.00640, with the small-sample factor
    G/(G-1) of Liang and Zeger's sandwich (what statsmodels calls ``use_correction``).

    Not defined (the interval is None, the note says why): one cluster, n = 1, or clusters that do not vary. An
    interval of width 0 would claim certainty from a lack of information.

    Args:
        values: One score per row.  # (n_rows,)
        clusters: One label per row; None takes rows as independent.
        confidence: Share of intervals that hold the true mean.

    Returns:
        Mean, standard error and interval.

    Raises:
        InputError: No rows, NaN (with its row), or labels that do not fit the rows.
    """
    scores = as_values(values, "values")
    return t_estimate(scores, Groups.of(clusters, scores.size), UNPAIRED, confidence)


def clustered_difference(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    clusters: Clusters = None,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Estimates the mean of after minus before, paired by row; otherwise as `clustered_mean`.

    Args:
        before: One score per row.  # (n_rows,)
        after: One score per row, in the same order.  # (n_rows,)
        clusters: One label per row; None takes pairs as independent.
        confidence: Share of intervals that hold the true difference.

    Returns:
        Mean difference, standard error and interval; all differences equal (all zero too) leaves the interval
        undefined.

    Raises:
        InputError: As `clustered_mean`, and arms of different length.
    """
    first, second = as_values(before, "before"), as_values(after, "after")
    check_pairs(first, second)
    return t_estimate(second - first, Groups.of(clusters, first.size), PAIRED, confidence)


def t_estimate(scores: Floats, groups: Groups, pairing: str, confidence: float = 0.95) -> Estimate:
    """Makes the t interval from input that is already checked."""
    se = cluster_se(scores, groups)
    mean = float(scores.mean())
    half = None if se is None else se * float(stats.t.ppf((1 + confidence) / 2, groups.n - 1))
    return Estimate(
        estimator=ESTIMATOR,
        pairing=pairing,
        n=int(scores.size),
        n_clusters=groups.n,
        effect=mean,
        se=se,
        low=None if half is None else mean - half,
        high=None if half is None else mean + half,
        confidence=confidence,
        note=why_undefined(groups) if se is None else "",
    )


def cluster_se(scores: Floats, groups: Groups) -> float | None:
    """CR1 standard error of the mean: sqrt(G/(G-1) * sum over clusters of (sum of residuals)^2) / n.

    Returns:
        The standard error; None with one cluster, or where the clusters do not vary.
    """
    if groups.n == 1:
        return None
    residuals = groups.totals(scores - scores.mean())  # (n_clusters,)
    spread = math.sqrt(groups.n / (groups.n - 1) * float(np.square(residuals).sum()))
    scale = float(np.abs(scores).max())
    return spread / scores.size if spread > _RESIDUE * scale * scores.size else None


def why_undefined(groups: Groups) -> str:
    """Says which of the two undefined cases this is."""
    return ONE_CLUSTER if groups.n == 1 else NO_VARIANCE
