"""Short texts made of a split's own words: each is a number written out, so there is no chance in them.

A text has a shape (how many words, and where the ones that are asked about stand) and fillers. All words stand in a
ring, in the order of their hashes; the fillers of a word are those `start`, `start + step`, `start + 2 · step` … places
behind it. Shape, start and step can be read off the text, so two numbers never make one text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp_cute.sequences import Numbers, Sequences

SHORTEST, LONGEST = 4, 10
"""Words of a text."""
FILLERS = LONGEST + 1
"""One more than a text can hold: the last is a word that is not in it."""
MOST_STARTS, MOST_STEPS = 10_000, 100
"""There are plenty of texts anyway, and their number times words times looks must fit 64 bits."""

FILLER, KEY, OTHER = -1, 0, 1
"""What stands at a place of a shape."""


@dataclass(frozen=True)
class Shapes:
    """Arrangements of a text."""

    places: npt.NDArray[np.int8]
    """What stands where, (n_shapes, LONGEST)."""
    lengths: Numbers
    """Words of each, (n_shapes,)."""

    @classmethod
    def of(cls, arrangements: Iterable[Sequence[int]]) -> "Shapes":
        """Writes arrangements into one table."""
        every = list(arrangements)
        places = np.full((len(every), LONGEST), FILLER, dtype=np.int8)
        for row, arrangement in zip(places, every, strict=True):
            row[: len(arrangement)] = arrangement
        return cls(places, np.array([len(arrangement) for arrangement in every], dtype=np.int64))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.lengths)


def with_keys(n_keys: int) -> Shapes:
    """Arranges a text with so many instances of the key, and at least two fillers."""
    return Shapes.of(
        [KEY if place in keys else FILLER for place in range(length)]
        for length in range(max(SHORTEST, n_keys + 2), LONGEST + 1)
        for keys in combinations(range(length), n_keys)
    )


def with_both(n_keys: int, n_others: int) -> Shapes:
    """Arranges a text with so many instances of the key and of the other word, and at least one filler."""
    return Shapes.of(
        [KEY if place in keys else OTHER if place in others else FILLER for place in range(length)]
        for length in range(max(SHORTEST, n_keys + n_others + 1), LONGEST + 1)
        for keys in combinations(range(length), n_keys)
        for others in combinations(sorted({*range(length)} - {*keys}), n_others)
    )


@dataclass(frozen=True)
class Space:
    """How many texts each word has."""

    n_words: int
    n_shapes: int
    n_starts: int
    n_steps: int

    @classmethod
    def of(cls, n_words: int, n_shapes: int) -> "Space":
        """Counts starts and steps; with fewer than twelve words there are none."""
        n_others = n_words - 1
        n_steps = min(max(0, (n_others - 1) // (FILLERS - 1)), MOST_STEPS)  # the last filler still comes before the key
        return cls(n_words, n_shapes, min(n_others, MOST_STARTS), n_steps)

    @property
    def size(self) -> int:
        """Texts of each word."""
        return self.n_shapes * self.n_starts * self.n_steps

    @property
    def size_without(self) -> int:
        """Texts of each word that it does not stand in."""
        return self.n_shapes * (self.n_starts // LONGEST) * self.n_steps


@dataclass(frozen=True)
class Ring:
    """Words in an order that has nothing to do with their letters or how frequent they are."""

    order: Numbers
    """Which word stands in each place, (n_words,)."""
    places: Numbers
    """Where each word stands, (n_words,)."""

    @classmethod
    def of(cls, words: pa.Table) -> "Ring":
        """Sorts a words table by hashes: fillers that are near in the table would be near in the alphabet, too."""
        hashes = b"".join(blake2b(word.encode(), digest_size=8).digest() for word in words["word"].to_pylist())
        order = np.argsort(np.frombuffer(hashes, ">u8"), kind="stable")
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        return cls(order.astype(np.int64), places.astype(np.int64))


@dataclass(frozen=True)
class Texts:
    """Texts about words, and what was put into them; all numbers are rows of the words table."""

    words: Sequences
    fillers: Numbers
    """(n, FILLERS), in their order; of the last one no text has an instance."""


def compose(shapes: Shapes, ring: Ring, rows: Numbers, k: Numbers) -> Texts:
    """Writes texts in which words stand.

    Args:
        shapes: Arrangements.
        ring: All words.
        rows: The key of each text, (n,).
        k: Which of the key's texts, below `Space.size`, (n,).

    Returns:
        Texts; the other word of a shape is the first filler.
    """
    space = Space.of(len(ring.order), len(shapes))
    rest, shape = np.divmod(k, len(shapes))
    step, start = np.divmod(rest, space.n_starts)
    fillers = _fillers(ring, rows, start, step + 1)
    places = shapes.places[shape]
    is_filler = places == FILLER
    has_other = (places == OTHER).any(axis=1)
    number = np.cumsum(is_filler, axis=1) - 1 + has_other[:, None]
    number[places == OTHER] = 0
    words = np.take_along_axis(fillers, np.maximum(number, 0), axis=1)
    words = np.where(places == KEY, rows[:, None], words)
    return Texts(_flat(words, shapes.lengths[shape]), fillers)


def compose_without(shapes: Shapes, ring: Ring, rows: Numbers, k: Numbers) -> Texts:
    """Writes texts in which words do not stand: as long as those in which they do, with a filler in each place.

    Args:
        shapes: Arrangements with one key; where it would stand decides where the fillers start.
        ring: All words.
        rows: The key of each text, (n,).
        k: Which of the key's texts, below `Space.size_without`, (n,).
    """
    n_starts = Space.of(len(ring.order), len(shapes)).n_starts // LONGEST
    rest, shape = np.divmod(k, len(shapes))
    step, start = np.divmod(rest, n_starts)
    key = np.argmax(shapes.places == KEY, axis=1)[shape]
    fillers = _fillers(ring, rows, key * n_starts + start, step + 1)
    return Texts(_flat(fillers[:, :LONGEST], shapes.lengths[shape]), fillers)


def _fillers(ring: Ring, rows: Numbers, start: Numbers, step: Numbers) -> Numbers:
    n_words = len(ring.order)
    behind = (start[:, None] + step[:, None] * np.arange(FILLERS)) % (n_words - 1)
    fillers: Numbers = ring.order[(ring.places[rows][:, None] + 1 + behind) % n_words]
    return fillers


def _flat(words: Numbers, lengths: Numbers) -> Sequences:
    return Sequences(words[np.arange(words.shape[1]) < lengths[:, None]], lengths)
