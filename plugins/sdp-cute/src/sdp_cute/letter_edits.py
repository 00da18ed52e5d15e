"""Insertion, deletion, substitution, swap of letters: each is done to every instance of the letter."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pyarrow as pa

from sdp.api import Item, ItemGenerator, PerWords, TaskOptions, coded
from sdp_cute.clusters import clusters
from sdp_cute.letters import Pairs, Spelled, Strata, of_letters, one_letter, read_letters
from sdp_cute.sequences import Numbers, Sequences

OFTEN = 3
"""Letters that occur three times and more share a stratum."""


@dataclass(frozen=True)
class Asked:
    """What can be asked about the words of a split."""

    spelled: Spelled
    strata: Strata


def _by_count(words: pa.Table, chosen: tuple[str, ...], *, not_all: bool) -> Asked:
    """Sorts letters by how often the word has them.

    Args:
        words: The words table.
        chosen: By the user.
        not_all: Leave out a letter that the whole word consists of: without it nothing would be left.
    """
    spelled = read_letters(words)
    pairs = of_letters(spelled, spelled.pairs, chosen)
    if not_all:
        pairs = pairs.where(pairs.count < spelled.letters.lengths[pairs.word])
    kinds = np.minimum(pairs.count, OFTEN)
    parts = tuple(pairs.where(kinds == kind) for kind in range(1, OFTEN + 1))
    return Asked(spelled, Strata.of(parts, words.num_rows))


class _LetterEdit(ItemGenerator):
    """A word, a letter that it has, and what is to be done to every instance of it."""

    strata = ("one", "two", "three_or_more")
    domain: ClassVar[Mapping[str, tuple[str, ...]]] = {"letters": ()}
    answer_pattern = r"\S+"
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"occurrences": pa.int32(), "length": pa.int32()}
    second: ClassVar[str | None] = None
    """The field with the other letter, if there is one."""

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        chosen = tuple(one_letter(text) for text in self.chosen("letters"))
        self._asked = PerWords(partial(_by_count, chosen=chosen, not_all=self.second is None))

    def fields(self, stratum: int) -> frozenset[str]:
        """The word, the letter, and the other one."""
        del stratum
        return frozenset({"word", "letter"} if self.second is None else {"word", "letter", self.second})

    def n_items(self, words: pa.Table) -> Numbers:
        """Per word: its letters that occur so often, times the common letters other than that one."""
        asked = self._asked(words)
        n_others = 1 if self.second is None else len(asked.spelled.common) - 1
        return asked.strata.n_pairs * n_others

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Edits the letters of each word."""
        asked = self._asked(words)
        if self.second is None:
            pairs = asked.strata.drawn(stratum, rows, k)
            return self._table(asked.spelled, pairs, pairs.letter)
        common = asked.spelled.common
        pairs = asked.strata.drawn(stratum, rows, k // (len(common) - 1))
        other = k % (len(common) - 1)
        other += other >= np.searchsorted(common, pairs.letter)
        return self._table(asked.spelled, pairs, common[other])

    def _table(self, spelled: Spelled, pairs: Pairs, others: Numbers) -> pa.Table:
        edited = self.edited(spelled.letters.take(pairs.word), pairs.letter, others)
        second = {} if self.second is None else {self.second: coded(others, spelled.alphabet)}
        return pa.table(
            {
                "letter": coded(pairs.letter, spelled.alphabet),
                **second,
                "answer": edited.joined(spelled.alphabet),
                "trace": coded(pairs.word, spelled.hyphened),
                "letter_index": pa.array(pairs.first.astype(np.int32)),
                "occurrences": pa.array(pairs.count.astype(np.int32)),
                "length": pa.array(spelled.letters.lengths[pairs.word].astype(np.int32)),
            }
        )

    @abstractmethod
    def edited(self, words: Sequences, letter: Numbers, other: Numbers) -> Sequences:
        """Does it to many words, each with its own letter and other letter."""


class InsertLetter(_LetterEdit):
    """Asks to add a letter after every instance of another in a word."""

    name, version = "cute_insert_letter", 1
    second = "added"

    def edited(self, words: Sequences, letter: Numbers, other: Numbers) -> Sequences:
        """Adds the other letter after each instance."""
        return words.with_after(letter, other)

    def solve(self, item: Item) -> str:
        """Reads the word once from the left."""
        letter, added = item.fields["letter"], item.fields["added"]
        return "".join(one + added if one == letter else one for one in clusters(item.fields["word"]))


class DeleteLetter(_LetterEdit):
    """Asks to delete every instance of a letter from a word."""

    name, version = "cute_delete_letter", 1

    def edited(self, words: Sequences, letter: Numbers, other: Numbers) -> Sequences:
        """Takes the letter out; there is no other one."""
        del other
        return words.without(letter)

    def solve(self, item: Item) -> str:
        """Keeps what is another letter."""
        return "".join(one for one in clusters(item.fields["word"]) if one != item.fields["letter"])


class SubstituteLetter(_LetterEdit):
    """Asks to replace every instance of a letter in a word by another."""

    name, version = "cute_substitute_letter", 1
    second = "replacement"

    def edited(self, words: Sequences, letter: Numbers, other: Numbers) -> Sequences:
        """Puts the other letter in its place."""
        return words.substituted(letter, other)

    def solve(self, item: Item) -> str:
        """Looks every letter up."""
        instead = {item.fields["letter"]: item.fields["replacement"]}
        return "".join(instead.get(one, one) for one in clusters(item.fields["word"]))


@dataclass(frozen=True)
class Swaps:
    """Two letters of one word: places in `Spelled.pairs`, by word."""

    spelled: Spelled
    letter: tuple[Numbers, ...]
    other: tuple[Numbers, ...]
    starts: tuple[Numbers, ...]


def _swaps(words: pa.Table, chosen: tuple[str, ...]) -> Swaps:
    spelled = read_letters(words)
    pairs = spelled.pairs
    starts = pairs.starts(words.num_rows)
    n_others = np.diff(starts)[pairs.word] - 1
    letter = np.repeat(np.arange(len(pairs.word)), n_others)
    number = np.arange(len(letter)) - np.repeat(np.cumsum(n_others) - n_others, n_others)
    other = starts[pairs.word[letter]] + number
    other += other >= letter  # not with itself
    if chosen:
        asked = of_letters(spelled, pairs, chosen)
        wanted = np.isin(pairs.letter[letter], np.unique(asked.letter))
        letter, other = letter[wanted], other[wanted]
    once = (pairs.count[letter] == 1) & (pairs.count[other] == 1)
    parts = [(letter[mask], other[mask]) for mask in (once, ~once)]
    return Swaps(
        spelled,
        tuple(first for first, _ in parts),
        tuple(second for _, second in parts),
        tuple(np.searchsorted(pairs.word[first], np.arange(words.num_rows + 1)) for first, _ in parts),
    )


class SwapLetter(ItemGenerator):
    """Asks to swap every instance of two letters of a word.

    In CUTE both letters occur once: the stratum ``once_each``.
    """

    name, version = "cute_swap_letter", 1
    strata = ("once_each", "repeated")
    domain: ClassVar[Mapping[str, tuple[str, ...]]] = {"letters": ()}
    answer_pattern = r"\S+"
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"occurrences": pa.int32(), "length": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        chosen = tuple(one_letter(text) for text in self.chosen("letters"))
        self._swaps = PerWords(partial(_swaps, chosen=chosen))

    def fields(self, stratum: int) -> frozenset[str]:
        """The word and two of its letters."""
        del stratum
        return frozenset({"word", "letter", "other"})

    def n_items(self, words: pa.Table) -> Numbers:
        """Ordered pairs of different letters of each word."""
        return np.stack([np.diff(starts) for starts in self._swaps(words).starts], axis=1).astype(np.int64)

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Swaps the letters of each word."""
        swaps = self._swaps(words)
        spelled, at = swaps.spelled, swaps.starts[stratum][rows] + k
        pairs, one, two = spelled.pairs, swaps.letter[stratum][at], swaps.other[stratum][at]
        letter, other = pairs.letter[one], pairs.letter[two]
        return pa.table(
            {
                "letter": coded(letter, spelled.alphabet),
                "other": coded(other, spelled.alphabet),
                "answer": spelled.letters.take(rows).swapped(letter, other).joined(spelled.alphabet),
                "trace": coded(rows, spelled.hyphened),
                "letter_index": pa.array(pairs.first[one].astype(np.int32)),
                "occurrences": pa.array((pairs.count[one] + pairs.count[two]).astype(np.int32)),
                "length": pa.array(spelled.letters.lengths[rows].astype(np.int32)),
            }
        )

    def solve(self, item: Item) -> str:
        """Looks every letter up."""
        one, other = item.fields["letter"], item.fields["other"]
        return "".join({one: other, other: one}.get(letter, letter) for letter in clusters(item.fields["word"]))
