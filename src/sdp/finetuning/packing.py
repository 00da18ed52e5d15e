"""Packing: whole examples into bins of so many tokens, best fit first."""

from bisect import bisect_left, insort
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def bins_of(lengths: Ints, max_tokens: int) -> list[Ints]:
    """Packs lengths by best-fit decreasing: each goes where it leaves the least room, the longest first.

    It needs at most 11/9 of the fewest possible bins, and one more (Johnson 1973). The result depends on the lengths
    alone, not on their order, so every epoch has as many bins.

    Args:
        lengths: Tokens of each example, none above `max_tokens`.
        max_tokens: Of a bin.

    Returns:
        The lengths in each bin.
    """
    bins: list[list[int]] = []
    with_room: dict[int, list[int]] = {}  # bins by the tokens that still fit
    sizes: list[int] = []  # the keys that have bins, sorted: at most `max_tokens` of them, however many bins there are
    for length in np.sort(lengths)[::-1].tolist():
        place = bisect_left(sizes, length)
        if place == len(sizes):
            left, chosen = max_tokens, len(bins)
            bins.append([])
        else:
            left = sizes[place]
            chosen = with_room[left].pop()
            if not with_room[left]:
                del sizes[place]
        bins[chosen].append(length)
        if left > length:
            waiting = with_room.setdefault(left - length, [])
            if not waiting:
                insort(sizes, left - length)
            waiting.append(chosen)
    return [np.array(found, np.int64) for found in bins]


def filled(bins: Sequence[Ints], lengths: Ints, rng: np.random.Generator) -> list[Ints]:
    """Fills bins with examples of the lengths that they are made for, and shuffles them.

    Args:
        bins: As `bins_of` gives them.
        lengths: The same as it got, (n_examples,).
        rng: Says which of the examples of one length goes where, and in which order bins come.

    Returns:
        The examples of each bin; every example once.
    """
    order = rng.permutation(len(lengths))
    order = order[np.argsort(-lengths[order], kind="stable")]
    slots = np.concatenate(bins)
    placed = np.empty(len(lengths), np.int64)
    placed[np.argsort(-slots, kind="stable")] = order
    ends = np.cumsum([len(found) for found in bins])
    parts = np.split(placed, ends[:-1])
    return [parts[i] for i in rng.permutation(len(parts))]
