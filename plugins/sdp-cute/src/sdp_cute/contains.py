"""Contains: is the letter in the word, is the word in the text. Half of the answers are yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pyarrow as pa

from sdp.api import Item, ItemGenerator, PerWords, TaskOptions, coded
from sdp_cute.clusters import clusters
from sdp_cute.letters import SHORTEST, Spelled, of_letters, one_letter, read_letters
from sdp_cute.sequences import Numbers
from sdp_cute.texts import Ring, Space, compose, compose_without, with_keys

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Asked:
    """Letters that words have, and as many that they have not."""

    spelled: Spelled
    words: tuple[Numbers, Numbers]
    """Of yes and of no, each rising, (n_items,)."""
    letters: tuple[Numbers, Numbers]
    starts: tuple[Numbers, Numbers]
    """Where each word's begin, (n_words + 1,)."""
    first: Numbers
    """Place of the letter, for yes."""


def _asked(words: pa.Table, chosen: tuple[str, ...]) -> Asked:
    """Takes as many words with a letter as without it, among words of one length.

    A letter drawn from the word, and another from the rest of the alphabet, as in CUTE, would give the answer away: "e"
    is nearly always there, "q" hardly ever. This way letter and length say nothing about the answer.
    """
    spelled = read_letters(words)
    pairs = of_letters(spelled, spelled.pairs, chosen)
    lengths = spelled.letters.lengths
    of_length = {n: np.flatnonzero(lengths == n) for n in np.unique(lengths).tolist() if n >= SHORTEST}
    order = np.lexsort((pairs.word, lengths[pairs.word], pairs.letter))
    cell = pairs.letter[order] * (int(lengths.max(initial=0)) + 1) + lengths[pairs.word[order]]
    cuts = np.flatnonzero(np.diff(cell, prepend=-1))
    have: list[Numbers] = [np.zeros(0, dtype=np.int64)]
    lack: list[Numbers] = [np.zeros(0, dtype=np.int64)]
    lacking: list[Numbers] = [np.zeros(0, dtype=np.int64)]
    for members in np.split(order, cuts[1:]) if len(order) else []:
        letter, n = pairs.letter[members[0]], lengths[pairs.word[members[0]]]
        without = np.setdiff1d(of_length[int(n)], pairs.word[members], assume_unique=True)
        n_kept = min(len(members), len(without))
        have.append(_spread(members, n_kept, int(letter)))
        lack.append(_spread(without, n_kept, int(letter)))
        lacking.append(np.full(n_kept, letter))
    yes = np.sort(np.concatenate(have))  # pairs come by word
    no_words, no_letters = np.concatenate(lack), np.concatenate(lacking)
    by_word = np.lexsort((no_letters, no_words))
    asked_words = (pairs.word[yes], no_words[by_word])
    ends = np.arange(words.num_rows + 1)
    return Asked(
        spelled,
        asked_words,
        (pairs.letter[yes], no_letters[by_word]),
        (np.searchsorted(asked_words[0], ends), np.searchsorted(asked_words[1], ends)),
        pairs.first[yes],
    )


def _spread(members: Numbers, n: int, shift: int) -> Numbers:
    """Takes `n` of them at equal distances, from another place for each letter."""
    return members[(np.arange(n) * len(members) // max(1, n) + shift) % max(1, len(members))]


class _Contains(ItemGenerator):
    """A question whose answer is yes or no."""

    strata = (YES, NO)
    answer_pattern = f"{YES}|{NO}"
    max_floor = 0.5


class ContainsLetter(_Contains):
    """Asks whether a letter occurs in a word; each letter as often where it does as where it does not."""

    name, version = "cute_contains_letter", 1
    domain: ClassVar[Mapping[str, tuple[str, ...]]] = {"letters": ()}
    meta: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        chosen = tuple(one_letter(text) for text in self.chosen("letters"))
        self._asked = PerWords(partial(_asked, chosen=chosen))

    def fields(self, stratum: int) -> frozenset[str]:
        """The word and the letter."""
        del stratum
        return frozenset({"word", "letter"})

    def n_items(self, words: pa.Table) -> Numbers:
        """Letters of each word that are asked about with yes, and with no."""
        return np.stack([np.diff(starts) for starts in self._asked(words).starts], axis=1).astype(np.int64)

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Looks the letters up."""
        asked = self._asked(words)
        at = asked.starts[stratum][rows] + k
        answer = self.strata[stratum]
        first = pa.array(asked.first[at].astype(np.int32)) if answer == YES else pa.nulls(len(at), pa.int32())
        return pa.table(
            {
                "letter": coded(asked.letters[stratum][at], asked.spelled.alphabet),
                "answer": coded(np.zeros(len(at)), pa.array([answer])),
                "trace": coded(rows, asked.spelled.hyphened),
                "letter_index": first,
                "length": pa.array(asked.spelled.letters.lengths[rows].astype(np.int32)),
            }
        )

    def solve(self, item: Item) -> str:
        """Looks for the letter among the word's."""
        return YES if item.fields["letter"] in clusters(item.fields["word"]) else NO


class ContainsWord(_Contains):
    """Asks whether a word stands in a text; texts of either answer are of the same lengths."""

    name, version = "cute_contains_word", 1
    meta: ClassVar[Mapping[str, pa.DataType]] = {"n_words": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        self._shapes = with_keys(1)
        self._ring = PerWords(Ring.of)

    def fields(self, stratum: int) -> frozenset[str]:
        """The text and the word."""
        del stratum
        return frozenset({"word", "text"})

    def n_items(self, words: pa.Table) -> Numbers:
        """As many for each word."""
        space = Space.of(words.num_rows, len(self._shapes))
        return np.tile(np.array([space.size, space.size_without], dtype=np.int64), (words.num_rows, 1))

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Writes the texts."""
        answer = self.strata[stratum]
        write = compose if answer == YES else compose_without
        texts = write(self._shapes, self._ring(words), rows, k).words
        return pa.table(
            {
                "text": texts.joined(words["word"].combine_chunks(), " "),
                "answer": coded(np.zeros(len(rows)), pa.array([answer])),
                "n_words": pa.array(texts.lengths.astype(np.int32)),
            }
        )

    def solve(self, item: Item) -> str:
        """Looks for the word between spaces."""
        return YES if f" {item.fields['word']} " in f" {item.fields['text']} " else NO
