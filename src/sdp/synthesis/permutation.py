"""Sampling without replacement in constant memory: a keyed permutation of 0 … n − 1.

A balanced Feistel network permutes the next power of four; an image that falls outside the range is permuted again
until it falls inside (cycle walking: Black & Rogaway 2002, "Ciphers with arbitrary finite domains").
"""

import numpy as np
import numpy.typing as npt

from sdp.errors import InputError

Indices = npt.NDArray[np.uint64]

ROUNDS = 6
LARGEST = 2**62
"""Domains stay below this, so that no intermediate overflows."""


def permute(indices: Indices, n: int, key: int) -> Indices:
    """Maps each index to its image.

    Args:
        indices: Each in [0, n), any shape.
        n: Size of the domain, at least 1.
        key: Which of the permutations, 64 bits.

    Returns:
        Distinct images for distinct indices, each in [0, n), of the same shape.

    Raises:
        InputError: The domain is empty or too large.
    """
    if not 1 <= n < LARGEST:
        raise InputError(f"cannot permute {n} items", hint=f"between 1 and {LARGEST - 1}")
    half = max(1, ((n - 1).bit_length() + 1) // 2)
    keys = mix(np.uint64(key) + np.arange(1, ROUNDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    images = _feistel(np.asarray(indices, dtype=np.uint64), np.uint64(half), keys)
    outside = np.flatnonzero(images >= n)
    while outside.size:
        images[outside] = _feistel(images[outside], np.uint64(half), keys)
        outside = outside[images[outside] >= n]
    return images


def _feistel(values: Indices, half: np.uint64, keys: Indices) -> Indices:
    mask = (np.uint64(1) << half) - np.uint64(1)
    left, right = values >> half, values & mask
    for key in keys:
        left, right = right, left ^ (mix(right ^ key) & mask)
    return (left << half) | right


def mix(values: Indices) -> Indices:
    """Finaliser of SplitMix64 (Steele, Lea & Flood 2014): every input bit reaches every output bit."""
    values = np.asarray(values, dtype=np.uint64)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
