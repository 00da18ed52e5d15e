"""Bands of like words, for `--balance length` and `--balance tokens`: every band gets an equal share of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.errors import ConfigError

ALL: Final = "all"
LENGTHS: Final[Mapping[str, tuple[int, int]]] = {
    "3-4": (0, 4), "5-6": (5, 6), "7-8": (7, 8), "9-10": (9, 10), "11-13": (11, 13), "14+": (14, 10**9),
}  # fmt: skip
"""Letters."""
TOKENS: Final[Mapping[str, tuple[int, int]]] = {"1": (0, 1), "2": (2, 2), "3": (3, 3), "4+": (4, 10**9)}
"""Tokens of the word in the model's own vocabulary."""
DIFFICULTY: Final[Mapping[str, tuple[int, int]]] = {"easy": (0, 5), "medium": (6, 8), "hard": (9, 10**9)}
"""Letters of the word: what a level means."""
BALANCES: Final = ("strata", "length", "tokens", "none")
"""What every finite task can be balanced by."""


@dataclass(frozen=True)
class Band:
    """Words that lie side by side in the words table."""

    name: str
    first: int
    last: int
    """Past the last word."""


def of_difficulty(words: pa.Table, level: str) -> pa.Table:
    """Keeps the words of a level; ``all`` keeps all."""
    if level == ALL:
        return words
    least, most = DIFFICULTY[level]
    lengths = pc.list_value_length(words["graphemes"])
    return words.filter(pc.and_(pc.greater_equal(lengths, least), pc.less_equal(lengths, most)))


def in_bands(words: pa.Table, balance: str) -> tuple[pa.Table, tuple[Band, ...]]:
    """Puts the words of each band side by side.

    Args:
        words: Of one split.
        balance: ``length`` or ``tokens``; with any other one there is a single band.

    Returns:
        The words in their new order, and the bands that are not empty.

    Raises:
        ConfigError: Tokens are asked for without a tokenizer.
    """
    if balance == "length":
        limits, numbers = LENGTHS, pc.list_value_length(words["graphemes"])
    elif balance == "tokens":
        if "n_tokens" not in words.column_names:
            raise ConfigError("tokens are counted by a tokenizer", where="--balance tokens", hint="add --tokenizer")
        limits, numbers = TOKENS, words["n_tokens"]
    else:
        return words, (Band(ALL, 0, words.num_rows),)
    ends = [most for _, most in limits.values()]
    band = np.searchsorted(ends, np.asarray(numbers, dtype=np.int64), side="left")
    edges = np.searchsorted(np.sort(band), np.arange(len(limits) + 1))
    bands = [Band(name, int(edges[i]), int(edges[i + 1])) for i, name in enumerate(limits)]
    ordered = words.take(pa.array(np.argsort(band, kind="stable"))).combine_chunks()
    return ordered, tuple(band for band in bands if band.last > band.first)
