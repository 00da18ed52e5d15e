"""Columns as the text of JSON: what `json.dumps` says of each row, made a column at a time.

What repeats is written once: the texts of a dictionary are escaped, quoted and joined with the text around them before
any row is looked at, and neighbouring dictionaries with few texts become one.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

QUOTE, BACKSLASH, CONTROL = ord('"'), ord("\\"), 32
FEW = 4096
"""So many texts of a dictionary stay in the processor's cache."""
SLICE = 8192
"""Rows that are joined at a time, for the same reason."""
HEX_PAIRS = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), dtype=np.uint16)


class Repeated(NamedTuple):
    """A column of few texts."""

    values: pa.StringArray
    codes: npt.NDArray[np.int32]
    """Which of them each row has, (n_rows,)."""


Piece: TypeAlias = str | pa.StringArray | Repeated
"""What every row says here: the same, its own, or one of a few."""


def json_lines(batch: pa.RecordBatch) -> list[memoryview]:
    """Writes one object per row, one behind the other.

    Args:
        batch: Any columns; `id`, of 64 bits, is written as 16 hexadecimal digits.

    Returns:
        The lines in UTF-8, some thousands at a time.
    """
    if not batch.num_rows:
        return []
    columns = [_hexadecimal(column) if name == "id" else column for name, column in _columns(batch)]
    pieces = list(_few([*_object(batch.schema.names, columns), "\n"]))
    firsts = range(0, batch.num_rows, SLICE)
    return [_bytes(_joined(pieces, first, min(first + SLICE, batch.num_rows))) for first in firsts]


def _columns(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Array]]:
    return zip(batch.schema.names, batch.columns, strict=True)


def _object(names: Iterable[str], columns: Iterable[pa.Array]) -> list[Piece]:
    pieces: list[Piece] = []
    for name, column in zip(names, columns, strict=True):
        pieces += [f"{', ' if pieces else '{'}{_dumps(name)}: ", *_value(column)]
    return [*pieces, "}"] if pieces else ["{}"]


def _value(column: pa.Array) -> list[Piece]:
    kind = column.type
    few = _of_few(column)
    if few is not None:
        return [few]
    if column.null_count:
        whole = _whole(_value(_filled(column)), len(column))
        return [pc.if_else(column.is_valid(), whole, "null")]
    if pa.types.is_struct(kind):
        members = [column.field(place) for place in range(kind.num_fields)]
        return _object([field.name for field in kind], members)
    if pa.types.is_string(kind):
        return ['"', _escaped(column), '"']
    if pa.types.is_integer(kind):
        return [column.cast(pa.string())]
    return [pa.array([_dumps(value) for value in column.to_pylist()], pa.string())]


def _of_few(column: pa.Array) -> Repeated | None:
    """Finds the few texts of a column that has few by its type, or by its numbers."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        values = column.dictionary
        return _repeated(_whole(_value(values), len(values)), column.indices)
    if pa.types.is_boolean(kind):
        return _repeated(pa.array(["false", "true"]), column.cast(pa.int8()))
    if pa.types.is_integer(kind) and _is_small(column):
        top = pc.max(column).as_py() or 0
        return _repeated(pa.array([str(number) for number in range(top + 1)], pa.string()), column)
    return None


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_small(column: pa.Array) -> bool:
    least, largest = (end.as_py() for end in pc.min_max(column).values())
    return least is None or (least >= 0 and largest < FEW)


def _repeated(values: pa.StringArray, indices: pa.Array) -> Repeated:
    """Puts values and rows together; a missing one is the last value."""
    if indices.null_count:
        values = pa.concat_arrays([values, pa.array(["null"], values.type)])
        indices = indices.cast(pa.int32()).fill_null(len(values) - 1)
    return Repeated(values, np.asarray(indices).astype(np.int32, copy=False))


def _whole(pieces: list[Piece], n: int) -> pa.StringArray:
    """Joins pieces to one column."""
    return _joined(list(_few(pieces)), 0, n) if n else pa.array([], pa.string())


def _joined(pieces: list[Piece], first: int, last: int) -> pa.StringArray:
    parts = [_rows(piece, first, last) for piece in pieces]
    if all(isinstance(part, str) for part in parts):  # nothing differs from row to row
        return pa.repeat("".join(map(str, parts)), last - first)
    return pc.binary_join_element_wise(*parts, "")


def _rows(piece: Piece, first: int, last: int) -> str | pa.StringArray:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Repeated):
        return piece.values.take(pa.array(piece.codes[first:last]))
    return piece.slice(first, last - first)


def _few(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Makes fewer pieces: neighbours become one where that is cheap."""
    last: Piece = ""
    for piece in pieces:
        if isinstance(piece, Repeated) and len(piece.values) == 1:
            piece = piece.values[0].as_py()  # noqa: PLW2901  (a dictionary of one text is that text)
        both = _united(last, piece)
        if both is not None:
            last = both
            continue
        yield last
        last = piece
    yield last


def _united(one: Piece, other: Piece) -> Piece | None:
    """Makes one piece of two; None where that would not pay."""
    if isinstance(one, str) and isinstance(other, str):
        return one + other
    if isinstance(one, str) and not one:
        return other
    if isinstance(one, Repeated) and isinstance(other, str):
        return Repeated(pc.binary_join_element_wise(one.values, other, ""), one.codes)
    if isinstance(one, str) and isinstance(other, Repeated):
        return Repeated(pc.binary_join_element_wise(one, other.values, ""), other.codes)
    if isinstance(one, Repeated) and isinstance(other, Repeated):
        n, m = len(one.values), len(other.values)
        if n * m <= FEW:
            texts = (one.values.take(pa.array(np.repeat(np.arange(n), m))), pa.concat_arrays([other.values] * n))
            return Repeated(pc.binary_join_element_wise(*texts, ""), one.codes * np.int32(m) + other.codes)
    return None


def _filled(column: pa.Array) -> pa.Array:
    """Puts any value where there is none: it is not shown."""
    first = column.drop_null()
    if not len(first):
        return pa.repeat("", len(column))
    return pa.concat_arrays([column, first[:1]]).take(
        pc.if_else(column.is_valid(), pa.array(np.arange(len(column))), len(column))
    )


def _escaped(texts: pa.StringArray) -> pa.StringArray:
    """Escapes what occurs of the few characters that JSON wants escaped."""
    data = np.frombuffer(_bytes(texts), dtype=np.uint8)
    if not data.size:
        return texts
    special = [byte for byte in (BACKSLASH, QUOTE) if (data == byte).any()]  # the backslash is part of other escapes
    if data.min() < CONTROL:
        special += np.unique(data[data < CONTROL]).tolist()
    for byte in special:
        texts = pc.replace_substring(texts, chr(byte), json.dumps(chr(byte))[1:-1])
    return texts


def _hexadecimal(ids: pa.UInt64Array) -> pa.StringArray:
    """Writes numbers as `sdp.contract.rows.id_to_text` does."""
    text = HEX_PAIRS[np.asarray(ids).astype(">u8").view(np.uint8)]
    ends = np.arange(0, 16 * len(ids) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(ends), pa.py_buffer(text))


def _bytes(texts: pa.StringArray) -> memoryview:
    """Gives the texts of a column as they lie in memory, one behind the other."""
    _, ends, data = texts.buffers()
    if data is None or not len(texts):
        return memoryview(b"")
    first, last = np.frombuffer(ends, dtype=np.int32)[[texts.offset, texts.offset + len(texts)]]
    return memoryview(data)[first:last]
