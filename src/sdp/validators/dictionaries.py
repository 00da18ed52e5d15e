"""Work on the distinct values of a column instead of on its rows: columns are dictionaries, and rows are many."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.columns import address_of

Codes = npt.NDArray[np.int32]
Column = tuple[Codes, pa.StringArray]
"""Number of each row's value, and the values."""
Found = TypeVar("Found")

KEPT = 16
"""Dictionaries remembered: a few columns of a few shards …"""
KEPT_BYTES = 16 << 20
"""… but no more than this of them, unless one alone is larger: where every chunk has its own texts, few are enough."""


def decompose(column: pa.ChunkedArray | pa.Array) -> Column:
    """Takes a text column apart, whether it is a dictionary or plain.

    Args:
        column: Strings, or a dictionary of strings; a dictionary may hold values that no row has.

    Returns:
        The number of each row's value, −1 for null, (n_rows,), and the values.
    """
    whole = _one_chunk(column)
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    indices = whole.indices
    codes = np.asarray(indices.fill_null(-1) if indices.null_count else indices)
    return codes.astype(np.int32, copy=False), whole.dictionary


def plain(column: pa.ChunkedArray | pa.Array) -> pa.StringArray:
    """Gives a text column as one array of strings."""
    whole = _one_chunk(column)
    return whole.cast(pa.string()) if pa.types.is_dictionary(whole.type) else whole


def _one_chunk(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:  # the usual case: combining would copy
        return column.chunk(0)
    return column.unify_dictionaries().combine_chunks()


def same_values(one: pa.Array, other: pa.Array) -> bool:
    """Tells whether two dictionaries are one and the same in memory. False says nothing."""
    return one is other or address_of(one) == address_of(other)


def by_split(table: pa.Table) -> Iterator[tuple[str, npt.NDArray[np.bool_] | slice]]:
    """Names the splits of some rows, each with what picks its rows out of a NumPy array."""
    codes, names = decompose(table["split"])
    present = np.unique(codes)
    for code in present[present >= 0]:
        yield names[int(code)].as_py(), slice(None) if len(present) == 1 else codes == code


class PerDictionary(Generic[Found]):
    """Computes something of a dictionary's values once, however many chunks share the dictionary.

    Args:
        compute: From the values, of one dictionary or of several, to what is remembered.
    """

    def __init__(self, compute: Callable[..., Found]) -> None:
        self._compute = compute
        # Dictionaries are kept beside the result: as long as they live, nothing else can lie at their addresses.
        self._known: OrderedDict[tuple[int, ...], tuple[tuple[pa.Array, ...], Found]] = OrderedDict()

    def __call__(self, *values: pa.StringArray) -> Found:
        """Gives the result for these values."""
        address = tuple(place for one in values for place in address_of(one))
        if address in self._known:
            self._known.move_to_end(address)
        else:
            self._known[address] = (values, self._compute(*values))
            while len(self._known) > KEPT or (len(self._known) > 1 and self._n_bytes() > KEPT_BYTES):
                self._known.popitem(last=False)
        return self._known[address][1]

    def _n_bytes(self) -> int:
        return sum(one.nbytes for values, _ in self._known.values() for one in values)


def equal_texts(one: Column, other: Column) -> npt.NDArray[np.bool_]:
    """Compares two dictionary columns row by row; null is equal to nothing.

    Texts of the dictionaries are compared once, rows by their numbers; decoding both takes ten times as long.

    Args:
        one: Codes and values, as `decompose` gives them.
        other: The same of as many rows.
    """
    (codes, values), (other_codes, other_values) = one, other
    there = codes >= 0
    shared = same_values(values, other_values)
    numbers = other_codes if shared else _translated(other_values, values)[other_codes]
    same: npt.NDArray[np.bool_] = there & (codes == numbers)
    if not same.all():  # a dictionary may hold a text twice: what differs in numbers is read
        doubtful = np.flatnonzero(~same & there & (other_codes >= 0))
        texts = (side.take(pa.array(numbers[doubtful])) for numbers, side in (one, other))
        same[doubtful] = np.asarray(pc.equal(*texts))
    return same


def _translation(values: pa.StringArray, into: pa.StringArray) -> Codes:
    """Gives the number that each value has in another dictionary, −2 if it is not there, and last that of null."""
    numbers = pc.fill_null(pc.index_in(values, into), -2)
    return np.append(np.asarray(numbers), -2).astype(np.int32)


_translated = PerDictionary(_translation)
