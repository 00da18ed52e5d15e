"""Spell, put together, turn round, sort: a word has one such question, whose answer is all its letters."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from unicodedata import normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import regex

from sdp.api import Item, ItemGenerator, PerWords, TaskOptions, coded
from sdp_cute.clusters import clusters
from sdp_cute.letters import SHORTEST, Spelled, read_letters
from sdp_cute.sequences import Numbers

_SORTABLE = regex.compile(r"[A-Za-z]\p{Mn}*")


@dataclass(frozen=True)
class Whole:
    """The one question of each word."""

    shown: pa.StringArray
    answers: pa.StringArray
    spelled: Spelled
    asked: npt.NDArray[np.bool_]
    """Whether there is the question, (n_words,)."""


def _whole(shown: pa.StringArray, answers: pa.StringArray, spelled: Spelled) -> Whole:
    return Whole(shown, answers, spelled, spelled.letters.lengths >= SHORTEST)


def _spell(words: pa.Table) -> Whole:
    spaced = pc.binary_join(words["graphemes"].combine_chunks(), " ")
    return _whole(words["word"].combine_chunks(), spaced, read_letters(words))


def _inverse(words: pa.Table) -> Whole:
    forwards = _spell(words)
    return Whole(forwards.answers, forwards.shown, forwards.spelled, forwards.asked)


def _reversed(words: pa.Table) -> Whole:
    spelled = read_letters(words)
    turned = spelled.letters.reversed().joined(spelled.alphabet)
    return _whole(words["word"].combine_chunks(), turned, spelled)


def _sorted(words: pa.Table) -> Whole:
    spelled = read_letters(words)
    order = np.argsort([*map(alphabetical, spelled.alphabet.to_pylist())], kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    letters = spelled.letters
    values = letters.values[np.lexsort((rank[letters.values], letters.owners))]
    answers = type(letters)(values, letters.lengths).joined(spelled.alphabet)
    whole = _whole(words["word"].combine_chunks(), answers, spelled)
    known = np.array([is_sortable(text) for text in spelled.alphabet.to_pylist()], dtype=bool)
    n_unknown = np.bincount(letters.owners[~known[letters.values]], minlength=len(letters.lengths))
    return Whole(whole.shown, whole.answers, spelled, whole.asked & (n_unknown == 0))


def alphabetical(letter: str) -> str:
    """Gives what a letter is sorted by: an accent comes after the plain letter, a capital after the small one."""
    plain = normalize("NFD", letter)
    return f"{plain.casefold()}\t{plain.swapcase()}"


def is_sortable(letter: str) -> bool:
    """Tells whether a letter has a place in the alphabet from a to z, accents aside."""
    return _SORTABLE.fullmatch(normalize("NFD", letter)) is not None


class _WholeWord(ItemGenerator):
    """One question per word of three letters and more."""

    answer_pattern = r"\S+"
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int32()}
    shown: ClassVar[str] = "word"
    """The field that the question is about."""

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        self._whole = PerWords(self.read)

    @staticmethod
    @abstractmethod
    def read(words: pa.Table) -> Whole:
        """Works out all answers."""

    def fields(self, stratum: int) -> frozenset[str]:
        """What is shown of the word."""
        del stratum
        return frozenset({self.shown})

    def n_items(self, words: pa.Table) -> Numbers:
        """One per word that is long enough."""
        return self._whole(words).asked.astype(np.int64)[:, None]

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Looks the answers up."""
        del stratum, k
        whole = self._whole(words)
        shown = {} if self.shown == "word" else {self.shown: coded(rows, whole.shown)}
        return pa.table(
            {
                **shown,
                "answer": coded(rows, whole.answers),
                "length": pa.array(whole.spelled.letters.lengths[rows].astype(np.int32)),
            }
        )


class Spell(_WholeWord):
    """Asks for the letters of a word with spaces between them."""

    name, version = "cute_spell", 1
    answer_pattern = r"(?!\s)\X(?: (?!\s)\X)+"
    read = staticmethod(_spell)

    def solve(self, item: Item) -> str:
        """Puts a space behind every letter and takes the last one off."""
        return str(regex.sub(r"\X", r"\g<0> ", item.fields["word"])).removesuffix(" ")


class InverseSpell(_WholeWord):
    """Asks for the word that is spelled out."""

    name, version = "cute_inverse_spell", 1
    shown = "letters"
    read = staticmethod(_inverse)

    def solve(self, item: Item) -> str:
        """Takes the spaces out."""
        return item.fields["letters"].replace(" ", "")


class Reverse(_WholeWord):
    """Asks for a word written backwards."""

    name, version = "cute_reverse", 1
    read = staticmethod(_reversed)

    def solve(self, item: Item) -> str:
        """Puts each letter before those that came before it."""
        turned = ""
        for letter in clusters(item.fields["word"]):
            turned = letter + turned
        return turned


class SortLetters(_WholeWord):
    """Asks for the letters of a word in alphabetical order; only of words from a to z, accents aside."""

    name, version = "cute_sort_letters", 1
    read = staticmethod(_sorted)

    def solve(self, item: Item) -> str:
        """Sorts the letters as texts."""
        return "".join(sorted(clusters(item.fields["word"]), key=alphabetical))
