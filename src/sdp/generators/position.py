"""Position: which letter stands at place k, from the start or from the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import regex

from sdp.contract.columns import coded, codes_of
from sdp.contract.generator import ItemGenerator
from sdp.contract.options import TaskOptions
from sdp.contract.per_words import PerWords
from sdp.data.ordinals import FIRST, LAST

KINDS = ("ordinal_start", "ordinal_end", "number_start", "number_end")
N_WORDED = 2
"""Kinds before this one give the place in words, those from it on as a number."""
SHOWN = ("ordinal", "ordinal_from_end", "number", "number_from_end")
"""The field that gives the place, per kind."""
BASES = ("0", "1")
"""The first letter is number 0 or number 1; the prompt says which."""
PLACES = 9
"""With `--balance position` places 1 to 8 have a stratum each, and all beyond one together."""

Numbers = npt.NDArray[np.int64]


class Position(ItemGenerator):
    """Asks for one letter of a word by its place."""

    name, version = "position", 1
    strata: tuple[str, ...] = KINDS
    balances = ("position",)
    domain: ClassVar[Mapping[str, tuple[str, ...]]] = {"bases": BASES}
    answer_pattern = r"(?!\s)\X"
    max_floor = 0.25
    meta: ClassVar[Mapping[str, pa.DataType]] = {"position": pa.int32(), "from_end": pa.bool_(), "length": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        self.by_place = self.options.balance == "position"
        if self.by_place:
            places = [*map(str, range(1, PLACES)), f"{PLACES}_or_more"]
            self.strata = tuple(f"{kind}_{place}" for kind in KINDS for place in places)
        self._bases = np.array([int(base) for base in self.chosen("bases")], dtype=np.int64)
        language = self.options.language
        self.ordinals = FIRST.get(language, FIRST["en"]), LAST.get(language, LAST["en"])
        self._letters = PerWords(_letters)
        self._read: tuple[pa.StringArray, Letters] | None = None

    def fields(self, stratum: int) -> frozenset[str]:
        """The word, the place, and for numbers what the counting begins with."""
        kind = self._kind(stratum)
        return frozenset({"word", SHOWN[kind], "base"} if kind >= N_WORDED else {"word", SHOWN[kind]})

    def n_items(self, words: pa.Table) -> Numbers:
        """One question per letter, and per base where it is a number."""
        lengths = self._letters(words).lengths
        columns = []
        for stratum in range(len(self.strata)):
            kind = self._kind(stratum)
            last = lengths if kind >= N_WORDED else np.minimum(lengths, len(self.ordinals[kind]))
            first, past = self._places(stratum)
            places = np.clip(last, first, past) - first
            columns.append(places * (len(self._bases) if kind >= N_WORDED else 1))
        return np.stack(columns, axis=1).astype(np.int64)

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Takes the letter at each place."""
        letters, kind = self._letters(words), self._kind(stratum)
        by_number, from_end = kind >= N_WORDED, bool(kind % 2)
        n_bases = len(self._bases) if by_number else 1
        place = k // n_bases + self._places(stratum)[0]  # counts from 0 on its own side
        lengths = letters.lengths[rows]
        index = lengths - 1 - place if from_end else place
        if by_number:
            base = self._bases[k % n_bases]
            fields = {SHOWN[kind]: _numerals(place + base), "base": _numerals(base)}
        else:
            fields = {SHOWN[kind]: coded(place, pa.array(self.ordinals[kind], pa.string()))}
        return pa.table(
            {
                **fields,
                "answer": coded(letters.codes[letters.starts[rows] + index], letters.alphabet),
                "trace": coded(rows, letters.spelled),
                "letter_index": pa.array(index.astype(np.int32)),
                "position": pa.array((place + 1).astype(np.int32)),
                "from_end": pa.array(np.full(len(rows), from_end)),
                "length": pa.array(lengths.astype(np.int32)),
            }
        )

    def _kind(self, stratum: int) -> int:
        return stratum // PLACES if self.by_place else stratum

    def _places(self, stratum: int) -> tuple[int, int]:
        """First place of a stratum, and the one past its last, from 0."""
        if not self.by_place:
            return 0, 2**31
        place = stratum % PLACES
        return place, place + 1 if place < PLACES - 1 else 2**31

    def solve_table(self, questions: pa.Table) -> pa.DictionaryArray:
        """Reads the place back from what the prompt shows and walks the word's letters to it."""
        words = questions["word"].combine_chunks()
        letters, code = self._read_letters(words.dictionary), codes_of(words)
        starts, ends = letters.starts[code], letters.starts[code] + letters.lengths[code]
        at = np.full(len(code), -1, dtype=np.int64)
        base = _read(questions, "base", lambda text: int(text) if text in BASES else None)
        for name, names in zip(SHOWN[:N_WORDED], self.ordinals, strict=True):
            number = _read(questions, name, partial(_index_in, names))
            at = _walk(at, number, starts, ends, backwards=name.endswith("end"))
        for name in SHOWN[N_WORDED:]:
            number = _read(questions, name, lambda text: int(text) if text.isdecimal() else None)
            number = np.where((number >= 0) & (base >= 0), number - base, -1)
            at = _walk(at, number, starts, ends, backwards=name.endswith("end"))
        return coded(np.where(at >= 0, letters.codes[at], -1), letters.alphabet)

    def _read_letters(self, words: pa.StringArray) -> "Letters":
        """Splits every word anew, once for rows that share their dictionary."""
        if self._read is None or not self._read[0].equals(words):
            split = [list(word) if word.isascii() else regex.findall(r"\X", word) for word in words.to_pylist()]
            self._read = (words, Letters.of(pa.array(split, pa.list_(pa.string()))))
        return self._read[1]


@dataclass(frozen=True)
class Letters:
    """The letters of many words, end to end."""

    codes: npt.NDArray[np.int32]
    """Which letter, (n_letters,)."""
    alphabet: pa.StringArray
    starts: Numbers
    """Where each word begins, (n_words,)."""
    lengths: Numbers
    """Letters of each word, (n_words,)."""
    spelled: pa.StringArray
    """Each word with hyphens, for traces."""

    @classmethod
    def of(cls, lists: pa.ListArray) -> "Letters":
        """Numbers the letters in the order they come."""
        flat = lists.flatten().dictionary_encode()
        lengths = np.asarray(pc.list_value_length(lists), dtype=np.int64)
        return cls(codes_of(flat), flat.dictionary, np.cumsum(lengths) - lengths, lengths, pc.binary_join(lists, "-"))


def _letters(words: pa.Table) -> Letters:
    return Letters.of(words["graphemes"].combine_chunks())


def _numerals(numbers: Numbers) -> pa.DictionaryArray:
    texts = [str(number) for number in range(int(numbers.max(initial=0)) + 1)]
    return coded(numbers, pa.array(texts, pa.string()))


def _read(questions: pa.Table, name: str, number_of: Callable[[str], int | None]) -> Numbers:
    """Reads a field as numbers, (n,); −1 where it is missing or says nothing."""
    if name not in questions.column_names:
        return np.full(questions.num_rows, -1, dtype=np.int64)
    column = questions[name].combine_chunks()
    found = [number_of(text) for text in column.dictionary.to_pylist()]
    numbers = np.array([-1 if number is None else number for number in found] + [-1], dtype=np.int64)
    return numbers[codes_of(column)]  # a null's code is −1: the last one


def _index_in(names: tuple[str, ...], text: str) -> int | None:
    return names.index(text) if text in names else None


def _walk(at: Numbers, number: Numbers, starts: Numbers, ends: Numbers, *, backwards: bool) -> Numbers:
    """Steps from the first letter onwards, or from the last one back; stays where it is if that leaves the word."""
    there = ends - 1 - number if backwards else starts + number
    return np.where((number >= 0) & (there >= starts) & (there < ends), there, at)
