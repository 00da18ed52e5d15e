"""Minimum detectable effect: the smallest true change that this comparison finds with the wanted power."""

import math

from scipy import special, stats

ALPHA = 0.05
POWER = 0.8
_FEWEST_CLUSTERS = 2  # a variance needs two


def mde_from_se(se: float | None, n_clusters: int, *, alpha: float = ALPHA, power: float = POWER) -> float | None:
    """Scales the standard error of a difference to the effect that a two-sided t test finds.

    MDE = se * d, where a noncentral t with ``n_clusters - 1`` degrees of freedom and noncentrality d exceeds the
    critical value with chance `power`; for many clusters d = z(.975) + z(.8) = 2.80. Source: Bloom, Evaluation Review
    19 (1995) 547-556, with the exact noncentral t in place of his sum of two quantiles. The standard error is the
    observed one, so the figure says what a study of this size and noise can find; it is not "observed power".

    Args:
        se: Standard error of the difference, clustered; None where it is not defined.
        n_clusters: Keys.
        alpha: Of the two-sided test.
        power: Wanted.

    Returns:
        The effect, in the unit of `se`; None where the standard error is not defined, or with one cluster.
    """
    if se is None or not se > 0 or n_clusters < _FEWEST_CLUSTERS:
        return None
    critical = float(stats.t.isf(alpha / 2, n_clusters - 1))
    # The chance to be significant on the wrong side is left out: at 80 % power it is below one in a million.
    return se * float(special.nctdtrinc(n_clusters - 1, 1 - power, critical))


def mde_floor(n: int, n_clusters: int, *, alpha: float = ALPHA, power: float = POWER) -> float | None:
    """Bounds the effect from below for an exact test on right-or-wrong rows.

    k changed keys that all agree give p = 2 * 0.5^k, so at alpha = .05 at least six keys must change. The bound is the
    true share of keys at which six or more of `n_clusters` change with chance `power` (a beta quantile), if nothing
    breaks and each changed key changes in one row. No smaller effect can be found. It stands in where no row changed,
    so that no standard error exists, and it corrects `mde_from_se` where few rows changed.

    Args:
        n: Rows.
        n_clusters: Keys.
        alpha: Of the two-sided test.
        power: Wanted.

    Returns:
        The bound, in share of rows; None with fewer keys than can ever be significant.
    """
    needed = math.ceil(math.log2(2 / alpha))
    if n_clusters < needed:
        return None
    share_of_keys = float(stats.beta.ppf(power, needed, n_clusters - needed + 1))
    return share_of_keys * n_clusters / n
