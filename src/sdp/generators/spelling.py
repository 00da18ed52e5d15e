"""Spelling: a word, its letters one by one."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import ItemGenerator

SEPARATORS: Mapping[str, str] = {"hyphens": "-", "spaces": " ", "commas": ", ", "slashes": "/", "dots": "."}
"""How the prompt calls it, and what stands between two letters."""


class Spelling(ItemGenerator):
    """Asks for the letters of a word, set apart by a separator that the prompt names."""

    name, version = "spelling", 1
    strata = tuple(SEPARATORS)
    answer_pattern = r"\X(?:(?:-\X)+|(?: \X)+|(?:, \X)+|(?:/\X)+|(?:\.\X)+)"
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int32()}

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
        drawn = words.select(["word", "graphemes"]).take(rows).combine_chunks()
        letters = drawn["graphemes"].combine_chunks()
        return pa.table(
            {
                "word": drawn["word"],
                "separator": pa.repeat(self.strata[stratum], len(rows)),
                "answer": pc.binary_join(letters, SEPARATORS[self.strata[stratum]]),
                "trace": pa.nulls(len(rows), pa.string()),
                "length": pc.list_value_length(letters),
            }
        )

    def solve_table(self, questions: pa.Table) -> pa.Array:
        """Puts the separator behind every cluster with a regular expression and takes the last one off."""
        answers = []
        for word, name in zip(questions["word"].to_pylist(), questions["separator"].to_pylist(), strict=True):
            answers.append(_spell(word, SEPARATORS[name]))
        return pa.array(answers, pa.string())


def _spell(word: str, separator: str) -> str:
    if word.isascii():
        return separator.join(word)
    import regex

    return str(regex.sub(r"\X", lambda found: found[0] + separator, word)).removesuffix(separator)
