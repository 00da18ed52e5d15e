"""Sampling without replacement in constant memory: a keyed permutation of 0 … n − 1.

An unbalanced Feistel network permutes the next power of two; an image that falls outside the range is permuted again
until it falls inside (cycle walking: Black & Rogaway 2002, "Ciphers with arbitrary finite domains"). Its round function
is multiply–add–shift with a key of its own per round (Dietzfelbinger 1996: universal hashing by the top bits).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from sdp.errors import InputError

Indices = npt.NDArray[np.uint64]

ROUNDS = 6
"""Even, so that the halves have their sizes back; with half the bits odd, the two sides differ by one bit."""
SMALL = 256
"""Domains up to this size are shuffled by sorting hashes: a network of a few bits cannot make every permutation."""
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
    indices = np.asarray(indices, dtype=np.uint64)
    return permute_runs(indices.ravel(), [indices.size], [n], [key]).reshape(indices.shape)


def permute_runs(indices: Indices, lengths: Sequence[int], sizes: Sequence[int], keys: Sequence[int]) -> Indices:
    """Permutes many domains at once: runs of neighbouring indices, each with its own domain and key.

    Hundreds of short runs cost as much as one long one: domains of like size go through the network together.

    Args:
        indices: Each below the size of its run's domain, (n,).
        lengths: Indices of each run, (n_runs,); they add up to n.
        sizes: Of the domains, each at least 1, (n_runs,).
        keys: 64 bits each, (n_runs,).

    Returns:
        The images, (n,): what `permute` gives for each run.

    Raises:
        InputError: A domain is empty or too large.
    """
    for n in sizes:
        if not 1 <= n < LARGEST:
            raise InputError(f"cannot permute {n} items", hint=f"between 1 and {LARGEST - 1}")
    images = np.empty(len(indices), dtype=np.uint64)
    ends = np.cumsum(lengths)
    by_bits: dict[int, list[int]] = {}
    for run, (n, end, length) in enumerate(zip(sizes, ends.tolist(), lengths, strict=True)):
        if n <= SMALL:
            part = slice(end - length, end)
            images[part] = np.argsort(_stream(keys[run], n), kind="stable").astype(np.uint64)[indices[part]]
        else:
            by_bits.setdefault((n - 1).bit_length(), []).append(run)
    for bits, runs in by_bits.items():
        where = np.concatenate([np.arange(ends[run] - lengths[run], ends[run]) for run in runs])
        of_run = np.repeat(np.arange(len(runs)), [lengths[run] for run in runs])
        limits = np.array([sizes[run] for run in runs], dtype=np.uint64)
        streams = np.stack([_stream(keys[run], 2 * ROUNDS) for run in runs], axis=1)  # (2 * ROUNDS, n_runs)
        images[where] = _walk(indices[where], of_run, limits, bits, streams)
    return images


def _walk(indices: Indices, of_run: npt.NDArray[np.int64], limits: Indices, bits: int, streams: Indices) -> Indices:
    """Permutes until every image is inside its domain.

    Raises:
        InputError: An index is not: its walk might never come back.
    """
    if (indices >= (limits[of_run] if len(limits) > 1 else limits[0])).any():
        raise InputError("an index lies outside its domain")
    images = _feistel(indices, bits, _each(streams, of_run))
    outside = np.flatnonzero(images >= (limits[of_run] if len(limits) > 1 else limits[0]))
    while outside.size:
        runs = of_run[outside]
        again = _feistel(images[outside], bits, _each(streams, runs))
        images[outside] = again
        outside = outside[again >= limits[runs]]
    return images


def _each(streams: Indices, of_run: npt.NDArray[np.int64]) -> Iterator[Indices]:
    """Gives the key of each index, round by round; a single one where all are of one run."""
    for keys in streams:
        yield keys[of_run] if streams.shape[1] > 1 else keys


def _stream(key: int, n: int) -> Indices:
    """Gives the first n numbers of SplitMix64 from a seed, (n,)."""
    return mix(np.uint64(key) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def _feistel(values: Indices, bits: int, keys: Iterator[Indices]) -> Indices:
    """Runs the rounds: each adds a hash of one side to the other and swaps them."""
    low = bits // 2
    high = bits - low
    left, right = values >> np.uint64(low), values & np.uint64((1 << low) - 1)
    for _ in range(ROUNDS):
        hashed = right * (next(keys) | np.uint64(1))
        hashed += next(keys)
        hashed >>= np.uint64(64 - high)
        hashed ^= left
        left, right = right, hashed
        low, high = high, low
    left <<= np.uint64(low)
    left |= right
    return left


def mix(values: Indices) -> Indices:
    """Finaliser of SplitMix64 (Steele, Lea & Flood 2014): every input bit reaches every output bit."""
    values = np.asarray(values, dtype=np.uint64)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
