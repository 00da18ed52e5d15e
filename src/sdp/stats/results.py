"""What the functions of this package return.

Plain Python values only, so that ``dataclasses.asdict`` gives JSON. What is not defined is None, never 0 and never NaN,
and a note says why.
"""

from dataclasses import dataclass

TWO_SIDED = "two-sided"
UNPAIRED = "none"
PAIRED = "by row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean, or a mean difference, with its interval."""

    estimator: str
    """Formula of the effect and of its interval."""
    pairing: str
    """``none``, or ``by row``: value i of one arm belongs to value i of the other."""
    sidedness: str = TWO_SIDED
    n: int
    """Rows."""
    n_clusters: int
    """Distinct keys: the independent units."""
    effect: float
    """Mean over rows."""
    se: float | None
    """Cluster-robust standard error of the effect; None where it is not defined."""
    low: float | None
    """Lower end of the interval; None where it is not defined."""
    high: float | None
    """Upper end of the interval; None where it is not defined."""
    confidence: float = 0.95
    note: str = ""
    """Why the interval is not defined, or what else to know; empty when there is nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Significance:
    """A test of "nothing changed"."""

    test: str
    pairing: str = PAIRED
    sidedness: str = TWO_SIDED
    n: int
    """What was flipped: pairs for McNemar, keys otherwise."""
    n_changed: int
    """Of these, those that changed; the others carry no information for the test."""
    effect: float
    """Sum of the changes, after minus before."""
    p: float
    exact: bool
    """Whether p comes from the full null distribution rather than from random draws."""
    n_resamples: int = 0
    """Random draws behind p; 0 when exact."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two checkpoints on the same rows: claim 1 of ``docs/statistics.md``."""

    test: str
    """Where p comes from."""
    estimator: str
    """Where the interval comes from."""
    pairing: str = PAIRED
    sidedness: str = TWO_SIDED
    n: int
    """Pairs of rows."""
    n_clusters: int
    """Distinct keys."""
    before: float
    after: float
    effect: float
    """After minus before, mean over rows."""
    low: float | None
    high: float | None
    confidence: float = 0.95
    p: float
    exact: bool
    """Whether p is exact (see `Significance.exact`)."""
    mde: float | None
    """Smallest effect found with 80 % power at alpha = .05; None where it is not defined."""
    n_fixed: int | None
    """Rows wrong before and right after; None for continuous scores."""
    n_broken: int | None
    """Rows right before and wrong after; None for continuous scores."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What always giving the most frequent answer would score."""

    estimator: str = "share of the most frequent answer"
    answer: str
    share: float
    """0..1"""
    n: int
    n_tied: int
    """Answers that are as frequent as this one, itself included."""
