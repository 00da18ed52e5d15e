"""Exact McNemar: did as many rows break as were fixed?"""

import numpy as np
import numpy.typing as npt
from scipy import stats

from sdp.errors import InputError
from sdp.stats.arrays import as_binary, check_pairs
from sdp.stats.results import Significance

TEST = "exact McNemar"
NO_DISCORDANT = "no discordant pairs: no row changed, p = 1"


def mcnemar(before: npt.ArrayLike, after: npt.ArrayLike) -> Significance:
    """Tests whether right-or-wrong rows changed, paired by row, rows independent.

    Args:
        before: 0 or 1 per row.  # (n_rows,)
        after: 0 or 1 per row, in the same order.  # (n_rows,)

    Returns:
        The result of `mcnemar_counts`.

    Raises:
        InputError: No rows, a value that is not 0 or 1 (with its row), or arms of different length.
    """
    first, second = as_binary(before, "before"), as_binary(after, "after")
    check_pairs(first, second)
    n_fixed = int(np.count_nonzero(second > first))
    n_broken = int(np.count_nonzero(second < first))
    return mcnemar_counts(n_fixed, n_broken, n=int(first.size))


def mcnemar_counts(n_fixed: int, n_broken: int, *, n: int | None = None) -> Significance:
    """Tests whether fixed and broken rows are equally likely: a two-sided binomial test at one half.

    Exact and so conservative: at alpha = .05 it rejects a true null less often than that. Five changed rows or fewer
    can never reach .05.

    Args:
        n_fixed: Rows wrong before and right after.
        n_broken: Rows right before and wrong after.
        n: All pairs; None takes the changed ones.

    Returns:
        The exact p; without discordant pairs (n = 0 too) p = 1, and the note says so.

    Raises:
        InputError: A negative count, or fewer pairs than changed ones.
    """
    n_changed = n_fixed + n_broken
    n_pairs = n_changed if n is None else n
    if min(n_fixed, n_broken) < 0 or n_pairs < n_changed:
        raise InputError(f"counts do not fit: {n_fixed} fixed and {n_broken} broken of {n_pairs} pairs")
    p = float(stats.binomtest(n_fixed, n_changed, 0.5).pvalue) if n_changed else 1.0
    return Significance(
        test=TEST,
        n=n_pairs,
        n_changed=n_changed,
        effect=float(n_fixed - n_broken),
        p=p,
        exact=True,
        note="" if n_changed else NO_DISCORDANT,
    )
