"""Dictionary-encoded string columns: each text once, and a number per row."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def coded(codes: npt.NDArray[Any], values: pa.StringArray) -> pa.DictionaryArray:
    """Builds a column from numbers.

    Args:
        codes: Which text each row has, (n,); −1 is null.
        values: The texts, each once.
    """
    codes = codes.astype(np.int32, copy=False)
    indices = pa.array(codes, mask=codes < 0) if codes.min(initial=0) < 0 else pa.array(codes)
    return pa.DictionaryArray.from_arrays(indices, values)


def constant(text: str, n: int) -> pa.DictionaryArray:
    """Builds a column that says the same n times."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, dtype=np.int32)), pa.array([text], pa.string()))


def codes_of(column: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Gives the numbers of a column, (n,); −1 where it is null."""
    indices = column.indices
    codes: npt.NDArray[np.int32] = np.asarray(indices.fill_null(-1) if indices.null_count else indices)
    return codes


def address_of(values: pa.Array) -> tuple[int, ...]:
    """Says where an array lies in memory: as long as it lives, no other one has the same address."""
    places = (0 if buffer is None else buffer.address for buffer in values.buffers())
    return (*places, values.offset, len(values))
