"""Vowels, or consonants: a word without the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import regex

from sdp.api import Item, ItemGenerator, PerWords, TaskOptions, coded
from sdp_cute.letters import SHORTEST, read_letters
from sdp_cute.sequences import Numbers

VOWELS = "aeiou"
CONSONANTS = "bcdfghjklmnpqrstvwxyz"


@dataclass(frozen=True)
class Extracted:
    """Both answers about every word."""

    answers: tuple[pa.StringArray, ...]
    lengths: Numbers
    asked: Numbers
    """1 for words of three letters from a to z and more, with at least a vowel and a consonant, (n_words,)."""


def _extracted(words: pa.Table) -> Extracted:
    spelled = read_letters(words)
    kinds = [np.asarray(pc.is_in(spelled.alphabet, pa.array([*kind]))) for kind in (VOWELS, CONSONANTS)]
    parts = [spelled.letters.kept(kind[spelled.letters.values]) for kind in kinds]
    lengths = spelled.letters.lengths
    whole = sum(part.lengths for part in parts) == lengths
    asked = whole & (lengths >= SHORTEST) & (parts[0].lengths > 0) & (parts[1].lengths > 0)
    return Extracted(tuple(part.joined(spelled.alphabet) for part in parts), lengths, asked.astype(np.int64))


class Vowels(ItemGenerator):
    """Asks for the vowels, or the consonants, of a word in their order; "y" is a consonant, and the prompt says so."""

    name, version = "cute_vowels", 1
    strata = ("vowels", "consonants")
    answer_pattern = r"[a-z]+"
    max_floor = 0.1
    meta: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        self._extracted = PerWords(_extracted)

    def fields(self, stratum: int) -> frozenset[str]:
        """The word, and which of its letters."""
        del stratum
        return frozenset({"word", "kind"})

    def n_items(self, words: pa.Table) -> Numbers:
        """One question of each kind per word."""
        return np.stack([self._extracted(words).asked] * 2, axis=1)

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Looks the answers up."""
        del k
        extracted = self._extracted(words)
        return pa.table(
            {
                "kind": coded(np.full(len(rows), stratum), pa.array(self.strata, pa.string())),
                "answer": coded(rows, extracted.answers[stratum]),
                "length": pa.array(extracted.lengths[rows].astype(np.int32)),
            }
        )

    def solve(self, item: Item) -> str:
        """Takes the others out with a regular expression."""
        others = rf"[{VOWELS}]" if item.fields["kind"] == "consonants" else rf"[^{VOWELS}]"
        return str(regex.sub(others, "", item.fields["word"]))
