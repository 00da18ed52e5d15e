"""Claim 1: do these two checkpoints differ on this task? Chooses test and interval by the kind of score.

One training run per arm: the answer is about the two checkpoints, not about the recipe that made them.
"""

import numpy as np
import numpy.typing as npt

from sdp.stats.arrays import Clusters, Floats, Groups, as_binary, as_values, check_pairs
from sdp.stats.intervals import clustered_difference
from sdp.stats.mcnemar import mcnemar
from sdp.stats.mde import mde_floor, mde_from_se
from sdp.stats.permutation import key_permutation
from sdp.stats.results import Comparison, Estimate, Significance
from sdp.stats.shares import clustered_share_difference
from sdp.stats.sign_flip import sign_flip

# Fewer keys can never give p <= .05 by flipping signs: 2 * 0.5^5 = .0625.
_FEWEST_KEYS = 6


def compare_paired(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    clusters: Clusters = None,
    *,
    n_resamples: int = 9_999,
    seed: int = 0,
) -> Comparison:
    """Compares right-or-wrong rows (exact match) of two checkpoints.

    Test: exact McNemar when every key has one row, else the sign-flip test on key totals. Interval:
    `clustered_share_difference`. MDE: the larger of `mde_from_se` and `mde_floor`. Paired by row, two-sided.

    Edges: nothing changed → p = 1, no interval, the MDE is a lower bound; all changed alike or one key → no interval;
    fewer than six keys → no MDE, since nothing can be significant. Each is said in the notes.

    Args:
        before: 0 or 1 per row.  # (n_rows,)
        after: 0 or 1 per row, in the same order.  # (n_rows,)
        clusters: One key per row; None takes pairs as independent.
        n_resamples: Random draws, where the sign-flip test needs them.
        seed: Of the draws.

    Returns:
        Effect, interval, p, MDE and the counts of fixed and broken rows.

    Raises:
        InputError: No rows, a value other than 0 and 1 (with its row), unequal lengths, or labels that do not fit.
    """
    first, second = as_binary(before, "before"), as_binary(after, "after")
    check_pairs(first, second)
    groups = Groups.of(clusters, first.size)
    if groups.n == first.size:
        test = mcnemar(first, second)
    else:
        test = sign_flip(groups.totals(second - first), n_resamples=n_resamples, seed=seed)
    estimate = clustered_share_difference(first, second, groups.codes)
    floor = mde_floor(estimate.n, groups.n)
    mde = None if floor is None else max(floor, mde_from_se(estimate.se, groups.n) or 0.0)
    notes = [test.note, estimate.note]
    if estimate.se is None and mde is not None:
        notes.append("the MDE is a lower bound: without variance it comes from the number of keys alone")
    counts = int(np.count_nonzero(second > first)), int(np.count_nonzero(second < first))
    return _comparison(first, second, test, estimate, mde, counts, notes)


def compare_scores(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    clusters: Clusters = None,
    *,
    n_resamples: int = 9_999,
    seed: int = 0,
) -> Comparison:
    """Compares continuous scores (ROUGE, edit similarity, NLL, bits per character) of two checkpoints.

    Test: paired permutation of keys. Interval: `clustered_difference`; BCa (`cluster_bootstrap`) holds its level less
    well at every number of keys, see docs/statistics.md. MDE: `mde_from_se`. Paired by row, two-sided. Whether up is
    good is for the caller to know.

    Edges: nothing changed → p = 1, no interval, no MDE; all changed alike or one key → neither; fewer than six keys →
    no MDE.

    Args:
        before: One score per row.  # (n_rows,)
        after: One score per row, in the same order.  # (n_rows,)
        clusters: One key per row; None takes pairs as independent.
        n_resamples: Random draws, where the test needs them.
        seed: Of the draws.

    Returns:
        Effect, interval, p and MDE; `n_fixed` and `n_broken` are None.

    Raises:
        InputError: No rows, NaN (with its row), unequal lengths, or labels that do not fit.
    """
    first, second = as_values(before, "before"), as_values(after, "after")
    check_pairs(first, second)
    groups = Groups.of(clusters, first.size)
    test = key_permutation(first, second, groups.codes, n_resamples=n_resamples, seed=seed)
    estimate = clustered_difference(first, second, groups.codes)
    mde = mde_from_se(estimate.se, groups.n) if groups.n >= _FEWEST_KEYS else None
    return _comparison(first, second, test, estimate, mde, (None, None), [test.note, estimate.note])


def _comparison(
    before: Floats,
    after: Floats,
    test: Significance,
    estimate: Estimate,
    mde: float | None,
    counts: tuple[int | None, int | None],
    notes: list[str],
) -> Comparison:
    if mde is None and estimate.n_clusters < _FEWEST_KEYS:
        notes.append(f"MDE not defined: {estimate.n_clusters} keys can never reach p = .05")
    return Comparison(
        test=test.test,
        estimator=estimate.estimator,
        n=estimate.n,
        n_clusters=estimate.n_clusters,
        before=float(before.mean()),
        after=float(after.mean()),
        effect=estimate.effect,
        low=estimate.low,
        high=estimate.high,
        confidence=estimate.confidence,
        p=test.p,
        exact=test.exact,
        mde=mde,
        n_fixed=counts[0],
        n_broken=counts[1],
        notes=tuple(note for note in notes if note),
    )
