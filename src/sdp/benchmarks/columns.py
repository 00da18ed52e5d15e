"""Columns of Arrow tables as typed Python values."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.data.graphemes import grapheme_lists


def texts(table: pa.Table, name: str) -> list[str]:
    """Gives a column of strings without gaps."""
    values: list[Any] = table[name].to_pylist()
    return values


def n_letters(column: pa.ChunkedArray) -> list[int]:
    """Counts the letters (grapheme clusters) of every text; each distinct one once."""
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    counts = pc.list_value_length(grapheme_lists(coded.dictionary.to_pylist()))
    found: list[int] = counts.take(coded.indices).to_pylist()
    return found


def floats(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    """Gives a column of numbers or booleans without gaps, (n_rows,)."""
    return np.asarray(table[name], dtype=np.float64)


def integers(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    """Gives a column of integers or booleans without gaps, (n_rows,)."""
    return np.asarray(table[name], dtype=np.int64)
