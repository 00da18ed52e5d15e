"""Several tests at once: adjusted p-values."""

import numpy as np
import numpy.typing as npt
from scipy import stats

from sdp.errors import InputError
from sdp.stats.arrays import Floats


def holm(p: npt.ArrayLike) -> tuple[float, ...]:
    """Adjusts p-values so that the chance of any false alarm stays at alpha, whatever their dependence.

    For the declared primaries: exact match on each target task. Source: Holm, Scand. J. Stat. 6 (1979) 65-70. Ties get
    the same value; one p stays as it is; none gives an empty tuple.

    Args:
        p: One p-value per test.  # (n_tests,)

    Returns:
        Adjusted p-values in the order given, each at least its p and at most 1.

    Raises:
        InputError: A value that is NaN or outside 0..1, with its position.
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    factors = np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(values[order] * factors))
    return tuple(adjusted.tolist())


def benjamini_hochberg(p: npt.ArrayLike) -> tuple[float, ...]:
    """Adjusts p-values so that the expected share of false alarms among the discoveries stays at alpha.

    For slices, where a list of suspects is wanted. Holds for independent or positively dependent tests
    (``scipy.stats.false_discovery_control``). One p stays as it is; none gives an empty tuple.

    Args:
        p: One p-value per test.  # (n_tests,)

    Returns:
        Adjusted p-values in the order given.

    Raises:
        InputError: A value that is NaN or outside 0..1, with its position.
    """
    values = _checked(p)
    if values.size == 0:
        return ()
    return tuple(np.asarray(stats.false_discovery_control(values)).tolist())


def _checked(p: npt.ArrayLike) -> Floats:
    try:
        values = np.asarray(p, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError("p-values must be numbers") from error
    if values.ndim != 1:
        raise InputError(f"p-values must have one dimension, not {values.ndim}")
    bad = np.flatnonzero(~((values >= 0) & (values <= 1)))  # NaN fails both
    if bad.size:
        raise InputError(f"a p-value must lie between 0 and 1, not {values[bad[0]]}", where=f"test {bad[0]}")
    return values
