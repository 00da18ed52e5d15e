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

N_ASCII, LONGEST, BLOCK = 128, 255, 1 << 16
"""Characters of one byte; letters of a word whose counts fit into one; words that are counted at a time."""

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
        self._counted: Tallies | None = None

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
        """Counts in the words' bytes; in others than plain ones as clusters ('e' is not found inside 'é')."""
        words, letters = (questions[name].combine_chunks() for name in ("word", "letter"))
        solved = self._tallies(words.dictionary).look_up(codes_of(words), codes_of(letters), letters.dictionary)
        return coded(solved, _numerals(int(solved.max(initial=0))))

    def _tallies(self, words: pa.StringArray) -> "Tallies":
        """Counts the letters of every word anew, once for rows that share their dictionary."""
        if self._counted is None or not self._counted.words.equals(words):
            self._counted = Tallies.of(words)
        return self._counted


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


@dataclass(frozen=True)
class Tallies:
    """How often which letter stands in which word."""

    words: pa.StringArray
    plain: npt.NDArray[np.bool_]
    """Words of ASCII letters, each a byte: these stand in the table, (n_words,)."""
    table: npt.NDArray[np.uint8]
    """(n_words, n_bytes that occur)."""
    column_of: Numbers
    """Per byte its column of the table, −1 if it does not occur, (128,)."""

    @classmethod
    def of(cls, words: pa.StringArray) -> "Tallies":
        """Counts bytes, some thousand words at a time."""
        short = pc.less_equal(pc.binary_length(words), LONGEST)
        plain = np.asarray(pc.fill_null(pc.and_(pc.string_is_ascii(words), short), False))  # noqa: FBT003  (pyarrow's)
        lengths = np.where(plain, np.asarray(pc.fill_null(pc.binary_length(words), 0)), 0)
        data = np.frombuffer("".join(words.filter(pa.array(plain)).to_pylist()).encode(), dtype=np.uint8)
        present = np.flatnonzero(np.bincount(data, minlength=N_ASCII))
        column_of = np.full(N_ASCII, -1, dtype=np.int64)
        column_of[present] = np.arange(len(present))
        table = np.zeros((len(words), len(present)), dtype=np.uint8)
        ends = np.append(0, np.cumsum(lengths))
        for first in range(0, len(words), BLOCK):
            last = min(first + BLOCK, len(words))
            row = np.repeat(np.arange(last - first), lengths[first:last])
            cell = row * len(present) + column_of[data[ends[first] : ends[last]]]
            counted = np.bincount(cell, minlength=(last - first) * len(present))
            table[first:last] = counted.reshape(last - first, len(present))
        return cls(words, plain, table, column_of)

    def look_up(self, word: Codes, letter: Codes, letters: pa.StringArray) -> Codes:
        """Gives the count of each row's letter in its word, (n_rows,); −1 where one of them is missing."""
        asked = letters.to_pylist()
        byte = np.array([ord(one) if one and len(one) == 1 and one.isascii() else -1 for one in [*asked, None]])
        solved = np.full(len(word), -1, dtype=np.int32)
        quick = np.append(self.plain, False)[word] & (byte[letter] >= 0)  # a missing one, −1, is the last
        column = self.column_of[byte[letter[quick]]]
        solved[quick] = np.where(column >= 0, self.table[word[quick], column], 0) if self.table.size else 0
        slow = np.flatnonzero(~quick & (word >= 0) & (letter >= 0))
        if slow.size:
            pairs, place = np.unique(word[slow].astype(np.int64) * len(asked) + letter[slow], return_inverse=True)
            counters = {code: self._clusters(code) for code in np.unique(word[slow]).tolist()}
            counts = [counters[pair // len(asked)][asked[pair % len(asked)]] for pair in pairs.tolist()]
            solved[slow] = np.array(counts, dtype=np.int32)[place]
        return solved

    def _clusters(self, code: int) -> Counter[str]:
        return Counter(regex.findall(r"\X", self.words[code].as_py() or ""))
