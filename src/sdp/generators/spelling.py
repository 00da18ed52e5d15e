"""Spelling: a word, its letters one by one."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import regex

from sdp.contract.columns import coded, codes_of, constant
from sdp.contract.generator import ItemGenerator
from sdp.contract.options import TaskOptions
from sdp.contract.per_words import PerWords

SEPARATORS: Mapping[str, str] = {"hyphens": "-", "spaces": " ", "commas": ", ", "slashes": "/", "dots": "."}
"""How English prompts call it, and what stands between two letters."""
NAMES: Mapping[str, tuple[str, ...]] = {
    "en": tuple(SEPARATORS),
    "de": ("Bindestrichen", "Leerzeichen", "Kommas", "Schrägstrichen", "Punkten"),
    "fr": ("des tirets", "des espaces", "des virgules", "des barres obliques", "des points"),
    "es": ("guiones", "espacios", "comas", "barras", "puntos"),
}
"""How prompts of a language call them: German in the dative, French with its article."""

ENOUGH = 2
"""With half as many rows as there are answers, all answers are worked out, once for all rows of the dictionary."""


class Spelling(ItemGenerator):
    """Asks for the letters of a word, set apart by a separator that the prompt names."""

    name, version = "spelling", 1
    strata = tuple(SEPARATORS)
    answer_pattern = r"\X(?:(?:-\X)+|(?: \X)+|(?:, \X)+|(?:/\X)+|(?:\.\X)+)"
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        self.names = NAMES.get(self.options.language, NAMES["en"])
        self._spelled = PerWords(_spell_all)
        self._solved: tuple[pa.StringArray, pa.StringArray] | None = None  # all answers about a dictionary of words

    def fields(self, stratum: int) -> frozenset[str]:
        """Word and separator."""
        del stratum
        return frozenset({"word", "separator"})

    def n_items(self, words: pa.Table) -> npt.NDArray[np.int64]:
        """One question per word and separator."""
        return np.ones((words.num_rows, len(self.strata)), dtype=np.int64)

    def items(self, words: pa.Table, rows: npt.NDArray[np.int64], stratum: int, k: npt.NDArray[np.int64]) -> pa.Table:
        """Joins each word's letters."""
        del k
        spelled, lengths = self._spelled(words)
        return pa.table(
            {
                "separator": constant(self.names[stratum], len(rows)),
                "answer": coded(rows, spelled[stratum]),
                "length": pa.array(lengths[rows]),
            }
        )

    def solve_table(self, questions: pa.Table) -> pa.DictionaryArray:
        """Puts the separator behind every cluster with a regular expression and takes the last one off."""
        words, separators = (questions[name].combine_chunks() for name in ("word", "separator"))
        numbers = [self.names.index(name) if name in self.names else -1 for name in _texts(separators)]
        which = np.array([*numbers, -1])  # a null's code is −1: the last one
        place, word = which[codes_of(separators)], codes_of(words)
        wanted = np.where((place < 0) | (word < 0), -1, word + place * len(words.dictionary))
        if self._solved is not None and self._solved[0].equals(words.dictionary):
            return coded(wanted, self._solved[1])
        if len(wanted) * ENOUGH >= len(words.dictionary) * len(SEPARATORS):
            self._solved = (
                words.dictionary,
                _solve(words.dictionary, np.arange(len(words.dictionary) * len(SEPARATORS))),
            )
            return coded(wanted, self._solved[1])
        pairs, number = np.unique(wanted, return_inverse=True)
        return coded(np.where(wanted < 0, -1, number), _solve(words.dictionary, pairs))


def _spell_all(words: pa.Table) -> tuple[list[pa.StringArray], npt.NDArray[np.int32]]:
    letters = words["graphemes"].combine_chunks()
    spelled = [pc.binary_join(letters, separator) for separator in SEPARATORS.values()]
    return spelled, np.asarray(pc.list_value_length(letters), dtype=np.int32)


def _solve(words: pa.StringArray, pairs: npt.NDArray[np.int64]) -> pa.StringArray:
    """Spells words with separators; pair `i` is word ``i % n_words`` with separator ``i // n_words``, −1 is nothing."""
    texts, between = words.to_pylist(), list(SEPARATORS.values())
    n_words = len(texts)
    answers = [_spell(texts[pair % n_words], between[pair // n_words]) if pair >= 0 else "" for pair in pairs.tolist()]
    return pa.array(answers, pa.string())


def _texts(column: pa.DictionaryArray) -> list[str]:
    texts: list[str] = column.dictionary.to_pylist()
    return texts


def _spell(word: str, separator: str) -> str:
    if word.isascii():
        return separator.join(word)
    return str(regex.sub(r"\X", lambda found: found[0] + separator, word)).removesuffix(separator)
