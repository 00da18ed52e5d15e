"""Columns of Arrow tables as typed Python values."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def texts(table: pa.Table, name: str) -> list[str]:
    """Gives a column of strings without gaps."""
    values: list[Any] = table[name].to_pylist()
    return values


def floats(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    """Gives a column of numbers or booleans without gaps, (n_rows,)."""
    return np.asarray(table[name], dtype=np.float64)


def integers(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    """Gives a column of integers or booleans without gaps, (n_rows,)."""
    return np.asarray(table[name], dtype=np.int64)
