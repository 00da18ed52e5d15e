"""Orthographic similarity: which of two words is nearer to a third, by Levenshtein distance over letters.

As in CUTE one of the two is clearly near and the other clearly far. CUTE's ratio above 0.7 and below 0.3 become
distances of at most 0.3 and at least 0.7 of the longer word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.api import ItemGenerator, PerWords, TaskOptions, coded
from sdp_cute.clusters import clusters
from sdp_cute.letters import read_letters
from sdp_cute.sequences import Numbers

NEAR, FAR = 3, 7
"""Tenths of the longer word's letters."""
SHORTEST = 4
"""Letters: of three, one is already more than NEAR."""
MOST_NEAR, MOST_FAR = 8, 4
"""Near words of one word, and far words beside each."""
_PRIVATE = 0xF0000
"""First code point of a private use area: each letter becomes one character of it."""


@dataclass(frozen=True)
class Triples:
    """A word, one near it and one far from it; rows of the words table, by word."""

    word: Numbers
    near: Numbers
    far: Numbers
    distance: Numbers
    """Letters to change from the word to the near one."""
    starts: Numbers
    """Where each word's begin, (n_words + 1,)."""
    lengths: Numbers
    """Letters of each word, (n_words,)."""


def _triples(words: pa.Table) -> Triples:
    spelled = read_letters(words)
    lengths = spelled.letters.lengths
    private = pa.array([chr(_PRIVATE + i) for i in range(len(spelled.alphabet))], pa.string())
    texts = spelled.letters.joined(private).to_pylist()
    word, near, distance = _near(texts, lengths)
    by_length = np.argsort(lengths, kind="stable")
    ordered = lengths[by_length]
    first = np.searchsorted(ordered, lengths[near])
    size = np.searchsorted(ordered, lengths[near], side="right") - first
    # As long as the near one, or length alone would tell them apart; spread over all words of that length.
    spread = (word + 31 * near)[:, None] + np.arange(MOST_FAR) * np.maximum(1, size // MOST_FAR)[:, None]
    far = by_length[first[:, None] + spread % size[:, None]] if len(word) else np.zeros((0, MOST_FAR), dtype=np.int64)
    pair = np.repeat(np.arange(len(word)), MOST_FAR)
    code = np.unique(pair * max(1, len(texts)) + far.ravel())
    pair, far = code // max(1, len(texts)), code % max(1, len(texts))
    longer = np.maximum(lengths[word[pair]], lengths[far])
    apart = 10 * _distances(texts, word[pair], far) >= FAR * longer
    pair, far = pair[apart], far[apart]
    starts = np.searchsorted(word[pair], np.arange(len(texts) + 1)).astype(np.int64)
    return Triples(word[pair], near[pair], far, distance[pair], starts, lengths)


def _near(texts: list[str], lengths: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Finds words that are the same but for a letter taken out of either: at most two changes apart."""
    same_rest: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        if len(text) >= SHORTEST:
            for rest in dict.fromkeys([text, *(text[:i] + text[i + 1 :] for i in range(len(text)))]):
                same_rest.setdefault(rest, []).append(number)
    groups = [np.array(group) for group in same_rest.values() if len(group) > 1]
    codes = [(group[:, None] * len(texts) + group).ravel() for group in groups]
    code = np.unique(np.concatenate(codes)) if codes else np.zeros(0, dtype=np.int64)
    word, near = code // max(1, len(texts)), code % max(1, len(texts))
    distance = _distances(texts, word, near)
    kept = (distance > 0) & (10 * distance <= NEAR * np.maximum(lengths[word], lengths[near]))
    word, near, distance = word[kept], near[kept], distance[kept]
    number = np.arange(len(word)) - np.searchsorted(word, word)
    kept = number < MOST_NEAR
    return word[kept], near[kept], distance[kept]


def _distances(texts: list[str], one: Numbers, other: Numbers) -> Numbers:
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cpdist

    left, right = ([texts[i] for i in rows.tolist()] for rows in (one, other))
    if not left:
        return np.zeros(0, dtype=np.int64)
    return np.asarray(cpdist(left, right, scorer=Levenshtein.distance), dtype=np.int64)


class OrthographicSimilarity(ItemGenerator):
    """Asks which of two words is nearer to a word in spelling; the strata say which is."""

    name, version = "cute_orthographic_similarity", 1
    strata = ("first", "second")
    answer_pattern = r"\S+"
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"distance": pa.int32(), "length": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        self._triples = PerWords(_triples)

    def fields(self, stratum: int) -> frozenset[str]:
        """The word and the two to choose from."""
        del stratum
        return frozenset({"word", "first", "second"})

    def n_items(self, words: pa.Table) -> Numbers:
        """Pairs of a near and a far word, in either order."""
        return np.repeat(np.diff(self._triples(words).starts)[:, None], 2, axis=1).astype(np.int64)

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Looks the two words up."""
        triples, names = self._triples(words), words["word"].combine_chunks()
        at = triples.starts[rows] + k
        near, far = coded(triples.near[at], names), coded(triples.far[at], names)
        return pa.table(
            {
                "first": far if stratum else near,
                "second": near if stratum else far,
                "answer": near,
                "distance": pa.array(triples.distance[at].astype(np.int32)),
                "length": pa.array(triples.lengths[rows].astype(np.int32)),
            }
        )

    def solve_table(self, questions: pa.Table) -> pa.Array:
        """Fills the table of Wagner and Fischer for many words at a time."""
        word, first, second = (questions[name].cast(pa.string()).to_pylist() for name in ("word", "first", "second"))
        to_first, to_second = edit_distances(word, first), edit_distances(word, second)
        answers = np.where(to_first < to_second, np.array(first, dtype=object), np.array(second, dtype=object))
        return pa.array(np.where(to_first == to_second, "", answers).tolist(), pa.string())


def edit_distances(left: list[str], right: list[str]) -> npt.NDArray[np.int32]:
    """Counts the letters to insert, delete or replace from one text to the other, pair by pair, (n,)."""
    numbers: dict[str, int] = {}
    one, other = _matrix(left, numbers), _matrix(right, numbers)
    lengths = [np.array([len(clusters(text)) for text in texts], dtype=np.int64) for texts in (left, right)]
    rows = np.arange(len(left))
    # above[:, j]: from the first i letters to the first j ones; rows that are filled later do not matter.
    above = np.tile(np.arange(other.shape[1] + 1, dtype=np.int32), (len(left), 1))
    found = above[rows, lengths[1]].copy()
    for i in range(one.shape[1]):
        row = np.empty_like(above)
        row[:, 0] = i + 1
        for j in range(other.shape[1]):
            replaced = above[:, j] + (one[:, i] != other[:, j])
            row[:, j + 1] = np.minimum(np.minimum(above[:, j + 1], row[:, j]) + 1, replaced)
        above = row
        done = lengths[0] == i + 1
        found[done] = above[rows[done], lengths[1][done]]
    return found


def _matrix(texts: list[str], numbers: dict[str, int]) -> npt.NDArray[np.int32]:
    """Numbers letters; what is beyond the end of a text is −1."""
    split = [clusters(text) for text in texts]
    matrix = np.full((len(texts), max(map(len, split), default=0)), -1, dtype=np.int32)
    for row, letters in zip(matrix, split, strict=True):
        row[: len(letters)] = [numbers.setdefault(letter, len(numbers)) for letter in letters]
    return matrix
