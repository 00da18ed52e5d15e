"""Count: how often a letter occurs in a word, balanced over the true count, zero included."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Item, ItemGenerator

MOST = 3
"""Counts of three and more share one stratum: single ones are too rare to fill theirs."""


class Count(ItemGenerator):
    """Asks how many times a letter occurs in a word.

    Each stratum is one true count, so guessing "1" (right for 71 % of naive questions) is right for a quarter.
    """

    name, version = "count", 1
    strata = ("zero", "one", "two", "three_or_more")
    answer_pattern = r"\d+"
    max_floor = 0.34
    meta: ClassVar[Mapping[str, pa.DataType]] = {"count": pa.int32(), "length": pa.int32()}

    def fields(self, stratum: int) -> frozenset[str]:
        """Word and letter."""
        del stratum
        return frozenset({"word", "letter"})

    def n_items(self, words: pa.Table) -> npt.NDArray[np.int64]:
        """Letters of the alphabet that occur 0, 1, 2, 3 or more times, per word."""
        counts = np.minimum(_letter_counts(words["graphemes"], _alphabet(words)), MOST)
        return np.stack([(counts == stratum).sum(axis=1) for stratum in range(MOST + 1)], axis=1).astype(np.int64)

    def items(self, words: pa.Table, rows: npt.NDArray[np.int64], stratum: int, k: npt.NDArray[np.int64]) -> pa.Table:
        """Takes the k-th letter, in alphabetical order, that occurs as often as the stratum says."""
        drawn = words.select(["word", "graphemes"]).take(rows).combine_chunks()
        letters = drawn["graphemes"].combine_chunks()
        alphabet = _alphabet(words)
        counts = _letter_counts(letters, alphabet)  # (n, n_alphabet)
        candidates = np.minimum(counts, MOST) == stratum
        chosen = np.argmax(candidates.cumsum(axis=1) == k[:, None] + 1, axis=1)
        true_counts = pa.array(counts[np.arange(len(rows)), chosen], pa.int32())
        return pa.table(
            {
                "word": drawn["word"],
                "letter": alphabet.take(pa.array(chosen)),
                "answer": pc.cast(true_counts, pa.string()),
                "trace": pc.binary_join(letters, "-"),
                "count": true_counts,
                "length": pc.list_value_length(letters),
            }
        )

    def solve(self, item: Item) -> str:
        """Cuts the word at the letter and counts the cuts (on clusters: 'e' is not found inside 'é')."""
        word, letter = item.fields["word"], item.fields["letter"]
        if word.isascii():
            return str(len(word.split(letter)) - 1)
        import regex

        return str(sum(1 for cluster in regex.finditer(r"\X", word) if cluster[0] == letter))


def _alphabet(words: pa.Table) -> pa.Array:
    """Every letter that occurs in these words, sorted."""
    letters = pc.unique(pc.list_flatten(words["graphemes"]))
    return letters.take(pc.sort_indices(letters))


def _letter_counts(letters: pa.Array | pa.ChunkedArray, alphabet: pa.Array) -> npt.NDArray[np.int64]:
    """Counts each letter of the alphabet in each word, (n_words, n_alphabet)."""
    if isinstance(letters, pa.ChunkedArray):
        letters = letters.combine_chunks()
    which = np.asarray(pc.index_in(letters.flatten(), alphabet), dtype=np.int64)
    row = np.repeat(np.arange(len(letters)), np.asarray(pc.list_value_length(letters)))
    flat = np.bincount(row * len(alphabet) + which, minlength=len(letters) * len(alphabet))
    return flat.reshape(len(letters), len(alphabet))
