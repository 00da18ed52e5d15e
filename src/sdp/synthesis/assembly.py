"""Putting columns together that were made in parts, each part for rows scattered over the whole."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.contract.columns import address_of, coded, codes_of

Numbers = npt.NDArray[np.int64]
Part = tuple[Numbers, pa.Array]
"""Which rows of the whole, and their values."""

KEPT = 64
"""Unions of dictionaries that are remembered."""


class Assembly:
    """Puts columns together; remembers how dictionaries were united, for those that come again chunk after chunk."""

    def __init__(self) -> None:
        self._unions: dict[tuple[object, ...], tuple[list[pa.StringArray], list[npt.NDArray[np.int32]], pa.Array]] = {}

    def column(self, n: int, parts: Sequence[Part], kind: pa.DataType) -> pa.Array:
        """Makes one column.

        Args:
            n: Rows of the whole.
            parts: Values by rows; no row twice. Rows without a value are null.
            kind: Type of the column.

        Returns:
            (n,).
        """
        if pa.types.is_dictionary(kind):
            return self._texts(n, [(rows, _encoded(values)) for rows, values in parts])
        parts = [(rows, values if values.type == kind else values.cast(kind)) for rows, values in parts]
        whole = sum(len(rows) for rows, _ in parts) == n
        if whole and _plain(kind) and not any(values.null_count for _, values in parts):
            out = np.empty(n, dtype=kind.to_pandas_dtype())
            for rows, values in parts:
                out[rows] = values.to_numpy(zero_copy_only=False)
            return pa.array(out, kind)
        place = np.full(n, -1, dtype=np.int64)
        place[np.concatenate([rows for rows, _ in parts])] = np.arange(sum(len(rows) for rows, _ in parts))
        return pa.concat_arrays([values for _, values in parts]).take(pa.array(place, mask=place < 0))

    def _texts(self, n: int, parts: Sequence[tuple[Numbers, pa.DictionaryArray]]) -> pa.DictionaryArray:
        maps, values = self._united([column.dictionary for _, column in parts])
        codes = np.full(n, -1, dtype=np.int32)
        for (rows, column), new in zip(parts, maps, strict=True):
            codes[rows] = new[codes_of(column)]  # a null's −1 is the last one, which stays −1
        return coded(codes, values)

    def _united(self, dictionaries: list[pa.StringArray]) -> tuple[list[npt.NDArray[np.int32]], pa.StringArray]:
        """Gives each dictionary's numbers in the union, and the union."""
        key = tuple(address_of(one) for one in dictionaries)
        if key not in self._unions:
            if len(self._unions) == KEPT:
                self._unions.pop(next(iter(self._unions)))
            # The dictionaries are kept with it: as long as they live, nothing else can lie at their addresses.
            self._unions[key] = (dictionaries, *_unite(dictionaries))
        return self._unions[key][1:]


def _unite(dictionaries: list[pa.StringArray]) -> tuple[list[npt.NDArray[np.int32]], pa.StringArray]:
    if len({address_of(one) for one in dictionaries}) == 1:
        same = np.append(np.arange(len(dictionaries[0]), dtype=np.int32), np.int32(-1))
        return [same] * len(dictionaries), dictionaries[0]
    together = pa.concat_arrays(dictionaries).dictionary_encode()
    cuts = np.cumsum([len(one) for one in dictionaries])[:-1]
    return [np.append(codes, np.int32(-1)) for codes in np.split(codes_of(together), cuts)], together.dictionary


def _encoded(column: pa.Array) -> pa.DictionaryArray:
    return column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()


def _plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))
