"""Which split a word family belongs to: a stable hash, the same for every task, seed, size and setting."""

from collections.abc import Sequence
from hashlib import blake2b

from sdp.contract.rows import SPLITS

SHARES: tuple[float, ...] = (0.8, 0.1, 0.1)
"""Of the families, in the order of SPLITS. `--ratios` apportions rows and never moves a word."""

_THRESHOLDS = (int(0.8 * 2**64), int(0.9 * 2**64))


def split_of(family: str) -> str:
    """Gives the split of a family."""
    value = int.from_bytes(blake2b(family.encode(), digest_size=8).digest(), "big")
    return SPLITS[sum(value >= threshold for threshold in _THRESHOLDS)]


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
