"""Texts as hashes of their words: whole texts, and every run of n words, a chunk of rows at a time."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.seeds import derive

Hashes = npt.NDArray[np.uint64]
BASE = np.uint64(0x9E3779B97F4A7C15)
"""Of the polynomial over a run's words (odd, so that multiplying by it loses nothing)."""
NOT_A_WORD = r"[^\p{L}\p{M}\p{N}]+"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts, one behind the other."""

    hashes: Hashes  # (n_words,)
    ends: npt.NDArray[np.int64]
    """Where each text's words end, (n_texts,)."""

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """Where each text's words begin, (n_texts,)."""
        return np.append(0, self.ends[:-1])[: len(self.ends)]

    @property
    def text_of(self) -> npt.NDArray[np.int64]:
        """Which text each word belongs to, (n_words,)."""
        return np.repeat(np.arange(len(self.ends)), self.ends - self.starts)


def words_of(texts: pa.StringArray) -> Words:
    """Cuts texts into words: what stands between spaces, small letters, without punctuation."""
    parts = pc.utf8_split_whitespace(pc.fill_null(texts, ""))
    each = parts.flatten().dictionary_encode()
    bare = pc.replace_substring_regex(each.dictionary, NOT_A_WORD, "").dictionary_encode()  # far fewer: 'word', "word"?
    hashes = np.array([_hash(word) for word in bare.dictionary.to_pylist()], dtype=np.uint64)
    flat = hashes[np.asarray(bare.indices)[np.asarray(each.indices)]] if len(hashes) else np.empty(0, dtype=np.uint64)
    lengths = np.asarray(pc.list_value_length(parts), dtype=np.int64)
    real = flat != 0
    kept = np.bincount(np.repeat(np.arange(len(lengths)), lengths)[real], minlength=len(lengths))
    return Words(flat[real], np.cumsum(kept))


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    """Hashes a word without its case; 0 for what was punctuation only."""
    return derive("word", word.casefold()) if word else 0


def whole_texts(words: Words) -> Hashes:
    """Hashes each text with all its words, (n_texts,)."""
    places = np.arange(len(words.hashes)) - words.starts[words.text_of]
    terms = words.hashes * _powers(int(places.max(initial=0)) + 1)[places]
    sums = np.append(np.uint64(0), np.cumsum(terms, dtype=np.uint64))  # wraps around, and so does the difference
    return sums[words.ends] - sums[words.starts]


def runs(words: Words, n: int) -> tuple[npt.NDArray[np.int64], Hashes]:
    """Hashes every run of n words that lies within one text.

    Returns:
        The place of each run's first word, and its hash, both (n_runs,).
    """
    if len(words.hashes) < n:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64)
    n_runs = len(words.hashes) - n + 1
    hashes = np.zeros(n_runs, dtype=np.uint64)
    for place, power in enumerate(_powers(n)):
        hashes += words.hashes[place : place + n_runs] * power
    text = words.text_of
    inside = np.flatnonzero(text[:n_runs] == text[n - 1 :])
    return inside, hashes[inside]


def _powers(n: int) -> Hashes:
    return np.cumprod(np.append(np.uint64(1), np.full(max(0, n - 1), BASE)), dtype=np.uint64)


class HashIndex:
    """Finds hashes among known ones.

    Args:
        hashes: Those known.
        places: What each stands for.
    """

    BITS = 20

    def __init__(self, hashes: Hashes, places: npt.NDArray[np.int64]) -> None:
        self._hashes, first = np.unique(hashes, return_index=True)
        self._places = places[first]
        # Nearly all that is asked for is not there: a table of low bits says so for a tenth of a search's time.
        self._low = np.zeros(1 << self.BITS, dtype=bool)
        self._low[self._hashes & self._mask] = True

    @property
    def _mask(self) -> np.uint64:
        return np.uint64((1 << self.BITS) - 1)

    def find(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        """Gives what each hash stands for, −1 where it is not known, (n,)."""
        found = np.full(len(hashes), -1, dtype=np.int64)
        if len(self._hashes):
            maybe = np.flatnonzero(self._low[hashes & self._mask])
            places = np.minimum(np.searchsorted(self._hashes, hashes[maybe]), len(self._hashes) - 1)
            hit = self._hashes[places] == hashes[maybe]
            found[maybe[hit]] = self._places[places[hit]]
        return found
