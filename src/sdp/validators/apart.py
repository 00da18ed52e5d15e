"""How far apart two distributions are, with words as the unit of evidence: rows about one word are no new evidence."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]

LEAST = 5
"""Expected rows of a category that stands for itself (the usual rule for chi-square); rarer ones are put together."""
CHANCE = 1e-4
"""A difference that chance makes more often than this is not held against a data set, however large it is."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Counts of one split."""

    counts: Counts  # (n_categories,)
    n_words: float
    """What the rows are worth as evidence: see `effective_words`."""

    @property
    def n_rows(self) -> float:
        """All of them."""
        return float(self.counts.sum())


def effective_words(rows: Counts) -> float:
    """Says how many equally common words the rows are worth: (Σ n)² / Σ n² (Kish, 1965).

    Args:
        rows: Of each word, (n_words,).
    """
    return float(rows.sum() ** 2 / (rows**2).sum()) if rows.size else 0.0


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart two splits are."""

    size: float
    """Cramér's V, or the Kolmogorov–Smirnov distance: 0 (alike) to 1."""
    p: float
    """Chance of one this large among splits that differ by their words alone."""
    n_categories: int

    def beyond(self, limit: float) -> bool:
        """Tells whether they are further apart than `limit`, and not by chance."""
        return self.size > limit and self.p < CHANCE


def cramers_v(one: Sample, other: Sample) -> Distance | None:
    """Compares two splits category by category.

    Cramér's V of the two lists of shares, as if both had as many rows (so that `--ratios` does not change it), less
    what chance alone would give: V² = Σ (p − q)² / (2 (p + q)) − (k − 1) (1/n + 1/m) / 4, after Bergsma (2013). p from
    Pearson's chi-square, scaled to words (the first-order correction of Rao and Scott, 1984, at its most cautious).

    Args:
        one: Counts of the first.
        other: Counts of the same categories of the second.

    Returns:
        The distance; None where fewer than two categories are common enough to be compared.
    """
    from scipy.stats import chi2

    n, m = one.n_words, other.n_words
    together = (one.counts + other.counts) / (one.n_rows + other.n_rows)
    group = _groups(together * min(n, m))
    p, q = (np.bincount(group, sample.counts) / sample.n_rows for sample in (one, other))
    k = len(p)
    if k < 2:  # noqa: PLR2004  (one category is no distribution)
        return None
    raw = float(((p - q) ** 2 / (2 * (p + q))).sum())
    expected = (p * n + q * m) / (n + m)
    statistic = float(((p - q) ** 2 / expected).sum()) * n * m / (n + m)
    size = max(0.0, raw - (k - 1) * (1 / n + 1 / m) / 4) ** 0.5
    return Distance(size, float(chi2.sf(statistic, k - 1)), k)


def _groups(expected: Counts) -> npt.NDArray[np.int64]:
    """Puts rare categories together, with the least common ones besides until they are common enough.

    Args:
        expected: Rows of each category, (n_categories,).

    Returns:
        Number of each category's group, (n_categories,).
    """
    order = np.argsort(expected, kind="stable")
    rare = int((expected < LEAST).sum())
    reached = np.cumsum(expected[order]) >= LEAST
    first = max(rare, int(reached.argmax()) + 1 if reached.any() else len(expected)) if rare else 1
    group = np.zeros(len(expected), dtype=np.int64)
    group[order[first:]] = np.arange(1, len(expected) - first + 1)
    return group


def ks_distance(one: Sample, other: Sample) -> Distance:
    """Compares two splits over an ordered axis: the largest difference of their shares up to a place.

    p is that of the two-sample Kolmogorov–Smirnov test with as many observations as words (asymptotic, two-sided;
    cautious where many rows share a value).

    Args:
        one: Counts of the first at 0, 1, 2 …
        other: Counts of the second at the same places.
    """
    from scipy.special import kolmogorov

    n, m = one.n_words, other.n_words
    gap = np.abs(np.cumsum(one.counts) / one.n_rows - np.cumsum(other.counts) / other.n_rows)
    size = float(gap.max())
    return Distance(size, float(kolmogorov(size * (n * m / (n + m)) ** 0.5)), len(gap))


def from_equal(counts: Counts) -> tuple[float, float]:
    """Compares counts with equal shares.

    Returns:
        Pearson's chi-square with k − 1 degrees of freedom, and Cramér's V, √(χ² / (n (k − 1))): 0 where all are equally
        common, 1 where there is only one.
    """
    n, k = counts.sum(), len(counts)
    if k < 2:  # noqa: PLR2004  (one category is no distribution)
        return 0.0, 0.0
    statistic = float(((counts - n / k) ** 2 / (n / k)).sum())
    return statistic, float((statistic / (n * (k - 1))) ** 0.5)
