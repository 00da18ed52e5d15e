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

Numbers = npt.NDArray[np.int64]


RARE = 40
"""A letter that occurs this many times less often than the average letter is not asked about."""


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
        alphabet = _alphabet(words)
        row, _, count = _occurrences(words["graphemes"].combine_chunks(), alphabet)
        flat = np.bincount(row * (MOST + 1) + np.minimum(count, MOST), minlength=words.num_rows * (MOST + 1))
        n_items = flat.reshape(words.num_rows, MOST + 1).astype(np.int64)
        n_items[:, 0] = len(alphabet) - n_items.sum(axis=1)
        return n_items

    def items(self, words: pa.Table, rows: npt.NDArray[np.int64], stratum: int, k: npt.NDArray[np.int64]) -> pa.Table:
        """Takes the k-th letter, in alphabetical order, that occurs as often as the stratum says."""
        drawn = words.select(["word", "graphemes"]).take(rows).combine_chunks()
        letters = drawn["graphemes"].combine_chunks()
        alphabet = _alphabet(words)
        row, letter, count = _occurrences(letters, alphabet)
        if stratum == 0:
            chosen, true_count = _kth_absent(row, letter, k), np.zeros(len(k), dtype=np.int64)
        else:
            fits = np.minimum(count, MOST) == stratum
            place = np.searchsorted(row[fits], np.arange(len(k))) + k
            chosen, true_count = letter[fits][place], count[fits][place]
        return pa.table(
            {
                "word": drawn["word"],
                "letter": alphabet.take(pa.array(chosen)),
                "answer": pc.cast(pa.array(true_count), pa.string()),
                "trace": pc.binary_join(letters, "-"),
                "count": pa.array(true_count, pa.int32()),
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
    """Gives the letters of these words, sorted, without the strays.

    With the accents of a few borrowed words in it, a fifth of the questions whose answer is zero would ask for letters
    that give themselves away.
    """
    counted = pc.value_counts(pc.list_flatten(words["graphemes"]))
    letters, counts = counted.field("values"), counted.field("counts")
    fewest = (pc.sum(counts).as_py() or 0) / (RARE * max(1, len(letters)))
    letters = letters.filter(pc.greater_equal(counts, fewest))
    return letters.take(pc.sort_indices(letters))


def _occurrences(letters: pa.ListArray, alphabet: pa.Array) -> tuple[Numbers, Numbers, Numbers]:
    """Lists what occurs: some alphabets have thousands of letters, so a full table of words × letters would be huge.

    Returns:
        Word, letter and how often it occurs there, each (n_pairs,); by word, then in the order of the alphabet.
    """
    found = pc.index_in(letters.flatten(), alphabet)
    known = np.asarray(found.is_valid())
    letter = np.asarray(found.fill_null(0), dtype=np.int64)[known]
    row = np.repeat(np.arange(len(letters)), np.asarray(pc.list_value_length(letters)))[known]
    pairs, counts = np.unique(row * len(alphabet) + letter, return_counts=True)
    return pairs // len(alphabet), pairs % len(alphabet), counts.astype(np.int64)


def _kth_absent(row: Numbers, letter: Numbers, k: Numbers) -> Numbers:
    """Takes the k-th letter of the alphabet that does not occur; each one before it that does moves it on by one."""
    before = letter - (np.arange(len(row)) - np.searchsorted(row, row))  # absent letters before each one that occurs
    return k + np.bincount(row[before <= k[row]], minlength=len(k))
