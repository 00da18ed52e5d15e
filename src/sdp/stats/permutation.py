"""Key-level paired permutation for continuous scores."""

from dataclasses import replace

import numpy.typing as npt

from sdp.stats.arrays import Clusters, Groups, as_values, check_pairs
from sdp.stats.results import Significance
from sdp.stats.sign_flip import sign_flip

TEST = "paired permutation of keys"


def key_permutation(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    clusters: Clusters = None,
    *,
    n_resamples: int = 9_999,
    seed: int = 0,
) -> Significance:
    """Tests whether a score changed, by exchanging before and after for whole keys.

    Exchanging the arms of a key flips the sign of its total difference, so this is `sign_flip` on those totals: the
    test that ``scipy.stats.permutation_test(permutation_type="samples")`` makes, ten times as fast on thousands of
    keys. Statistic: absolute mean difference over rows. Pairing: by row. Two-sided. p = (c + 1)/(n_resamples + 1), or
    exact where `sign_flip` is.

    Args:
        before: One score per row.  # (n_rows,)
        after: One score per row, in the same order.  # (n_rows,)
        clusters: One label per row; None takes pairs as independent.
        n_resamples: Random draws, where draws are needed.
        seed: Of the draws.

    Returns:
        p; 1 where nothing changed, and with one key.

    Raises:
        InputError: No rows, NaN (with its row), arms of different length, or labels that do not fit.
    """
    first, second = as_values(before, "before"), as_values(after, "after")
    check_pairs(first, second)
    totals = Groups.of(clusters, first.size).totals(second - first)
    return replace(sign_flip(totals, n_resamples=n_resamples, seed=seed), test=TEST)
