"""Count: how often a letter occurs in a word, balanced over the true count, zero included."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from unicodedata import normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import regex

from sdp.contract.columns import coded, codes_of
from sdp.contract.generator import ItemGenerator
from sdp.contract.options import TaskOptions
from sdp.contract.per_words import PerWords
from sdp.errors import ConfigError

MOST = 3
"""Counts of three and more share one stratum: single ones are too rare to fill theirs."""
RARE = 40
"""A letter that occurs this many times less often than the average letter is not asked about."""

Numbers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]


class Count(ItemGenerator):
    """Asks how many times a letter occurs in a word.

    Each stratum is one true count, so guessing "1" (right for 71 % of naive questions) is right for a quarter.
    """

    name, version = "count", 1
    strata = ("zero", "one", "two", "three_or_more")
    domain: ClassVar[Mapping[str, tuple[str, ...]]] = {"letters": ()}
    answer_pattern = r"\d+"
    max_floor = 0.34
    meta: ClassVar[Mapping[str, pa.DataType]] = {"count": pa.int32(), "length": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        letters = tuple(_one_letter(text) for text in self.chosen("letters"))
        self._occurrences = PerWords(partial(_occurrences, asked=letters))
        self._counted: tuple[pa.StringArray, list[Counter[str]]] | None = None

    def fields(self, stratum: int) -> frozenset[str]:
        """Word and letter."""
        del stratum
        return frozenset({"word", "letter"})

    def n_items(self, words: pa.Table) -> Numbers:
        """Letters of the alphabet that occur 0, 1, 2, 3 or more times, per word."""
        found = self._occurrences(words)
        present = [np.diff(starts) for starts in found.starts[1:]]
        absent = len(found.alphabet) - np.diff(found.starts[0])
        return np.stack([absent, *present], axis=1).astype(np.int64)

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Takes the k-th letter, in alphabetical order, that occurs as often as the stratum says."""
        found = self._occurrences(words)
        if stratum == 0:
            letter, count = found.kth_absent(rows, k), np.zeros(len(k), dtype=np.int32)
            first = pa.nulls(len(k), pa.int32())
        else:
            pair = found.pairs[stratum][found.starts[stratum][rows] + k]
            letter, count = found.letter[pair], found.count[pair]
            first = pa.array(found.first[pair])
        return pa.table(
            {
                "letter": coded(letter, found.alphabet),
                "answer": coded(count, found.numerals),
                "trace": coded(rows, found.spelled),
                "letter_index": first,
                "count": pa.array(count),
                "length": pa.array(found.lengths[rows]),
            }
        )

    def solve_table(self, questions: pa.Table) -> pa.DictionaryArray:
        """Counts all letters of each word, as clusters ('e' is not found inside 'é'), and looks up the one asked."""
        words, letters = (questions[name].combine_chunks() for name in ("word", "letter"))
        counters, asked = self._count_words(words.dictionary), letters.dictionary.to_pylist()
        word, letter = codes_of(words), codes_of(letters)
        complete = (word >= 0) & (letter >= 0)
        pairs, place = _distinct(word[complete], letter[complete], len(counters), len(asked))
        counts = [counters[pair // len(asked)][asked[pair % len(asked)]] for pair in pairs.tolist()]
        solved = np.full(len(word), -1, dtype=np.int32)
        solved[complete] = np.array(counts, dtype=np.int32)[place]
        return coded(solved, _numerals(int(solved.max(initial=0))))

    def _count_words(self, words: pa.StringArray) -> list[Counter[str]]:
        """Counts the letters of every word anew, once for rows that share their dictionary."""
        if self._counted is None or not self._counted[0].equals(words):
            texts = words.to_pylist()
            counters = [Counter(text) if text.isascii() else Counter(regex.findall(r"\X", text)) for text in texts]
            self._counted = (words, counters)
        return self._counted[1]


def _one_letter(text: str) -> str:
    """Brings a letter into the form that words have; "th" in "this" would be counted as nought."""
    letter = normalize("NFC", text)
    if not regex.fullmatch(r"(?!\s)\X", letter):
        raise ConfigError(f"'{text}' is not one letter", where="domain.letters", hint="such as domain.letters=e,a")
    return letter


@dataclass(frozen=True)
class Occurrences:
    """Which letters occur in which words, and how often: pairs by word, then in the order of the alphabet.

    Some alphabets have thousands of letters, so a full table of words × letters would be huge.
    """

    alphabet: pa.StringArray
    letter: npt.NDArray[np.int32]
    """Of each pair, (n_pairs,)."""
    count: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    """Place of the letter's first occurrence, from 0."""
    pairs: list[Numbers]
    """Per stratum the pairs that belong to it; of stratum 0 all of them."""
    starts: list[Numbers]
    """Per stratum where each word's pairs begin among those, (n_words + 1,)."""
    lengths: npt.NDArray[np.int32]
    spelled: pa.StringArray
    numerals: pa.StringArray

    def kth_absent(self, rows: Numbers, k: Numbers) -> Numbers:
        """Takes the k-th letter that does not occur; each one before it that does moves it on by one."""
        starts, ends = self.starts[0][rows], self.starts[0][rows + 1]
        n = ends - starts
        row = np.repeat(np.arange(len(rows)), n)
        order = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
        absent_before = self.letter[np.repeat(starts, n) + order] - order  # before each letter that occurs
        return k + np.bincount(row[absent_before <= k[row]], minlength=len(k))


def _occurrences(words: pa.Table, asked: tuple[str, ...]) -> Occurrences:
    lists = words["graphemes"].combine_chunks()
    lengths = np.asarray(pc.list_value_length(lists), dtype=np.int64)
    alphabet = pa.array(sorted(set(asked)), pa.string()) if asked else _alphabet(lists)
    found = pc.index_in(lists.flatten(), alphabet)
    letter = np.asarray(found.fill_null(-1), dtype=np.int64)
    row = np.repeat(np.arange(len(lists)), lengths)
    place = np.arange(len(letter)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    known = letter >= 0
    pair, first, count = np.unique(row[known] * len(alphabet) + letter[known], return_index=True, return_counts=True)
    of_word = pair // max(1, len(alphabet))
    stratum = np.minimum(count, MOST)
    pairs = [np.arange(len(pair)), *(np.flatnonzero(stratum == s) for s in range(1, MOST + 1))]
    starts = [np.searchsorted(of_word[chosen], np.arange(len(lists) + 1)) for chosen in pairs]
    return Occurrences(
        alphabet=alphabet,
        letter=(pair % max(1, len(alphabet))).astype(np.int32),
        count=count.astype(np.int32),
        first=place[known][first].astype(np.int32),
        pairs=pairs,
        starts=starts,
        lengths=lengths.astype(np.int32),
        spelled=pc.binary_join(lists, "-"),
        numerals=_numerals(int(count.max(initial=0))),
    )


def _alphabet(lists: pa.ListArray) -> pa.StringArray:
    """Gives the letters of these words, sorted, without the strays.

    With the accents of a few borrowed words in it, a fifth of the questions whose answer is zero would ask for letters
    that give themselves away.
    """
    counted = pc.value_counts(lists.flatten())
    letters, counts = counted.field("values"), counted.field("counts")
    fewest = (pc.sum(counts).as_py() or 0) / (RARE * max(1, len(letters)))
    letters = letters.filter(pc.greater_equal(counts, fewest))
    return letters.take(pc.sort_indices(letters))


def _numerals(largest: int) -> pa.StringArray:
    return pa.array([str(number) for number in range(largest + 1)], pa.string())


def _distinct(word: Codes, letter: Codes, n_words: int, n_letters: int) -> tuple[Numbers, Numbers]:
    """Numbers the distinct pairs, and tells which one each row has."""
    flat = word.astype(np.int64) * n_letters + letter
    if n_words * n_letters > 4 * len(flat) + 1_000_000:
        return np.unique(flat, return_inverse=True)
    there = np.zeros(n_words * n_letters, dtype=bool)
    there[flat] = True
    pairs = np.flatnonzero(there)
    place = np.zeros(len(there), dtype=np.int64)
    place[pairs] = np.arange(len(pairs))
    return pairs, place[flat]
