"""Sign-flip test on key totals: if nothing changed, each key's change could as well have had the other sign."""

import numpy as np
import numpy.typing as npt
from scipy import stats

from sdp.stats.arrays import Floats, as_values
from sdp.stats.results import Significance

TEST = "sign-flip on key totals"
NO_CHANGE = "no key changed in total: p = 1"
# Convolving integer totals costs at most the square of this; at 20,000 that is about a third of a second.
_EXACT_UNITS = 20_000
# 2^16 sums: half a megabyte.
_EXACT_KEYS = 16
# Random signs held at once; as float64 32 MB.
_BATCH_SIGNS = 4_000_000
# Sums in another order differ in their last bits: closer than this share of the largest sum they are a tie.
_TIE = 1e-10


def sign_flip(totals: npt.ArrayLike, *, n_resamples: int = 9_999, seed: int = 0) -> Significance:
    """Tests whether the changes per key are symmetric about zero.

    Estimator: absolute sum of the totals. Pairing: by row, summed per key. Two-sided. Integer totals: exact for any
    number of keys, by convolving one scaled binomial per distinct size. Other totals: exact by enumeration up to 16
    changed keys, beyond that by random draws with p = (c + 1)/(n_resamples + 1), which never is 0 (Phipson and Smyth,
    Stat. Appl. Genet. Mol. Biol. 9, 2010). Ties count as extreme. p depends neither on the order of the keys nor on
    which arm comes first.

    Args:
        totals: Sum of after minus before, one per key.  # (n_keys,)
        n_resamples: Random draws, where draws are needed.
        seed: Of the draws.

    Returns:
        p; 1 where no total differs from zero, and where only one does.

    Raises:
        InputError: No keys, or NaN (with its row).
    """
    changes = as_values(totals, "totals")
    sizes = np.sort(np.abs(changes[changes != 0]))  # (n_changed,)
    effect = float(np.sort(changes).sum())
    n_draws = 0
    if sizes.size == 0:
        p = 1.0
    elif bool(np.all(sizes == np.rint(sizes))) and sizes.sum() <= _EXACT_UNITS:
        p = _exact_units(sizes.astype(np.int64), abs(round(effect)))
    elif sizes.size <= _EXACT_KEYS:
        p = float(np.mean(_all_sums(sizes) >= _threshold(sizes, effect)))
    else:
        n_draws = n_resamples
        p = _drawn(sizes, _threshold(sizes, effect), n_resamples, seed)
    return Significance(
        test=TEST,
        n=int(changes.size),
        n_changed=int(sizes.size),
        effect=effect,
        p=min(1.0, p),
        exact=n_draws == 0,
        n_resamples=n_draws,
        note="" if sizes.size else NO_CHANGE,
    )


def _exact_units(sizes: npt.NDArray[np.int64], observed: int) -> float:
    """P(|sum| >= observed): k keys of size m add m times a binomial, and the sizes are independent."""
    chance = np.ones(1)  # chance[u]: that the positive keys add up to u
    for size, count in zip(*np.unique(sizes, return_counts=True), strict=True):
        spread = np.zeros(size * count + 1)
        spread[::size] = stats.binom.pmf(np.arange(count + 1), count, 0.5)
        chance = np.convolve(chance, spread)
    signed = 2 * np.arange(chance.size) - int(sizes.sum())
    return float(chance[np.abs(signed) >= observed].sum())


def _all_sums(sizes: Floats) -> Floats:
    """Absolute sums over every choice of signs."""  # (2 ** n_changed,)
    sums = np.zeros(1)
    for size in sizes:
        sums = np.concatenate([sums - size, sums + size])
    return np.abs(sums)


def _drawn(sizes: Floats, threshold: float, n_resamples: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    n_bytes = -(-sizes.size // 8)
    n_batch = max(1, _BATCH_SIGNS // sizes.size)
    total, n_extreme = float(sizes.sum()), 0
    for start in range(0, n_resamples, n_batch):
        n_rows = min(n_batch, n_resamples - start)
        raw = rng.integers(0, 256, size=(n_rows, n_bytes), dtype=np.uint8)
        positive = np.unpackbits(raw, axis=1, count=sizes.size)  # (n_rows, n_changed)
        sums = 2 * (positive @ sizes) - total
        n_extreme += int(np.count_nonzero(np.abs(sums) >= threshold))
    # + 1: the observed signs are one of the possible ones, so that p is never 0.
    return (n_extreme + 1) / (n_resamples + 1)


def _threshold(sizes: Floats, effect: float) -> float:
    return abs(effect) - _TIE * float(sizes.sum())
