"""The words of a split letter by letter: which letters occur where, and how often."""

from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import regex

from sdp.api import ConfigError
from sdp_cute.sequences import Numbers, Sequences

SHORTEST = 3
"""Letters: CUTE leaves out shorter words."""
RARE = 40
"""A letter that occurs this many times less often than the average is not asked about: it would give itself away."""
_LETTER = regex.compile(r"(?=\p{L})\X")


@dataclass(frozen=True)
class Pairs:
    """Letters in words: each pair once, by word, then by letter."""

    word: Numbers
    letter: Numbers
    count: Numbers
    """How often the word has it, (n_pairs,)."""
    first: Numbers
    """Place of its first occurrence, from 0."""
    last: Numbers

    def where(self, mask: npt.NDArray[np.bool_]) -> "Pairs":
        """Keeps some of them."""
        return Pairs(self.word[mask], self.letter[mask], self.count[mask], self.first[mask], self.last[mask])

    def starts(self, n_words: int) -> Numbers:
        """Finds where each word's pairs begin, (n_words + 1,)."""
        return np.searchsorted(self.word, np.arange(n_words + 1)).astype(np.int64)


@dataclass(frozen=True)
class Spelled:
    """A words table, letter by letter."""

    letters: Sequences
    alphabet: pa.StringArray
    """What each letter's number stands for, sorted by code point."""
    common: Numbers
    """Letters that questions may be about, rising."""
    pairs: Pairs
    """Common letters in words of at least three letters."""
    hyphened: pa.StringArray
    """Each word as 's-t-r-a-w', for traces."""


def read_letters(words: pa.Table) -> Spelled:
    """Numbers the letters of a words table."""
    lists = words["graphemes"].combine_chunks()
    flat, lengths = lists.flatten(), np.asarray(pc.list_value_length(lists), dtype=np.int64)
    alphabet = pc.unique(flat)
    alphabet = alphabet.take(pc.sort_indices(alphabet))
    values = np.asarray(pc.index_in(flat, alphabet), dtype=np.int64)
    letters = Sequences(values, lengths)
    common = _common(values, alphabet)
    return Spelled(letters, alphabet, common, _pairs(letters, common), pc.binary_join(lists, "-"))


def _common(values: Numbers, alphabet: pa.StringArray) -> Numbers:
    counts = np.bincount(values, minlength=len(alphabet))
    is_letter = np.array([_LETTER.fullmatch(text) is not None for text in alphabet.to_pylist()], dtype=bool)
    return np.flatnonzero(is_letter & (counts * RARE * max(1, len(alphabet)) >= counts.sum())).astype(np.int64)


def _pairs(letters: Sequences, common: Numbers) -> Pairs:
    asked = np.isin(letters.values, common) & (letters.lengths[letters.owners] >= SHORTEST)
    owners, places = letters.owners[asked], letters.places[asked]
    n = int(letters.values.max(initial=0)) + 1
    code, first, count = np.unique(owners * n + letters.values[asked], return_index=True, return_counts=True)
    backwards = np.unique((owners * n + letters.values[asked])[::-1], return_index=True)[1]
    return Pairs(code // n, code % n, count.astype(np.int64), places[first], places[::-1][backwards])


def one_letter(text: str) -> str:
    """Brings a letter that the user chose into the form that words have.

    Raises:
        ConfigError: It is none, or more than one: counted as a letter, it would be in no word.
    """
    letter = normalize("NFC", text)
    if not regex.fullmatch(r"(?!\s)\X", letter):
        raise ConfigError(f"'{text}' is not one letter", where="domain.letters", hint="such as domain.letters=e,a")
    return letter


def of_letters(spelled: Spelled, pairs: Pairs, chosen: tuple[str, ...]) -> Pairs:
    """Keeps the pairs whose letter the user chose; all of them if nothing was chosen."""
    if not chosen:
        return pairs
    wanted = pc.index_in(pa.array(chosen, pa.string()), spelled.alphabet).drop_null()
    return pairs.where(np.isin(pairs.letter, np.asarray(wanted, dtype=np.int64)))


@dataclass(frozen=True)
class Strata:
    """Pairs sorted into kinds of question."""

    pairs: tuple[Pairs, ...]
    starts: tuple[Numbers, ...]
    """Per kind where each word's pairs begin, (n_words + 1,)."""

    @classmethod
    def of(cls, parts: tuple[Pairs, ...], n_words: int) -> "Strata":
        """Finds where words begin."""
        return cls(parts, tuple(part.starts(n_words) for part in parts))

    @property
    def n_pairs(self) -> Numbers:
        """Pairs of each word and kind, (n_words, n_strata)."""
        return np.stack([np.diff(starts) for starts in self.starts], axis=1)

    def drawn(self, stratum: int, rows: Numbers, k: Numbers) -> Pairs:
        """Takes the k-th pair of each row's word, (n,)."""
        chosen, at = self.pairs[stratum], self.starts[stratum][rows] + k
        return Pairs(chosen.word[at], chosen.letter[at], chosen.count[at], chosen.first[at], chosen.last[at])
