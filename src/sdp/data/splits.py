"""Which split a word family belongs to: a stable hash, the same for every task, seed, size and setting."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from sdp.contract.rows import SPLITS

SHARES: tuple[float, ...] = (0.8, 0.1, 0.1)
"""Of the families, in the order of SPLITS. `--ratios` apportions rows and never moves a word."""

_THRESHOLDS = np.array([int(0.8 * 2**64), int(0.9 * 2**64)], np.uint64)


def split_of(family: str) -> str:
    """Gives the split of a family."""
    return SPLITS[int(split_codes([family])[0])]


def split_codes(families: Iterable[str]) -> npt.NDArray[np.int64]:
    """Gives the splits of many families, as places in SPLITS, (n_families,)."""
    digests = b"".join([blake2b(family.encode(), digest_size=8).digest() for family in families])
    return np.searchsorted(_THRESHOLDS, np.frombuffer(digests, ">u8").astype(np.uint64), side="right")


def apportion(n: int, weights: Sequence[float]) -> list[int]:
    """Splits `n` into whole shares in proportion to `weights` (largest remainder; ties to the first).

    Args:
        n: What is shared out.
        weights: Not negative, at least one positive.

    Returns:
        As many integers as weights; their sum is `n`.
    """
    total = sum(weights)
    exact = [n * weight / total for weight in weights]
    shares = [int(value) for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: n - sum(shares)]:
        shares[i] += 1
    return shares
