"""JSON Lines: one object per row, ids as 16 hexadecimal digits."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.exporter import Exporter

QUOTE, BACKSLASH, CONTROL = ord('"'), ord("\\"), 32

Pieces = list[str | pa.Array]
"""A value's text: literals and columns of strings, to be joined."""


class Jsonl(Exporter):
    """Writes ``<split>.jsonl`` in UTF-8: what `json.dumps` says of each row, made column by column."""

    name = "jsonl"

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes batch by batch; JSON numbers lose digits above 2^53, so ids are text."""
        del schema
        files = []
        for split, batches in splits.items():
            path = folder / f"{split}.jsonl"
            with path.open("wb") as handle:
                for batch in batches:
                    handle.write(json_lines(batch))
            files.append(path)
        return files


def json_lines(batch: pa.RecordBatch) -> memoryview:
    """Joins all columns and literals in one pass."""
    if not batch.num_rows:
        return memoryview(b"")
    columns = [_hexadecimal(column) if name == "id" else column for name, column in _columns(batch)]
    pieces = [*_object(batch.schema.names, columns), "\n"]
    return _bytes(pc.binary_join_element_wise(*_merged(pieces), ""))


def _columns(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Array]]:
    return zip(batch.schema.names, batch.columns, strict=True)


def _object(names: Iterable[str], columns: Iterable[pa.Array]) -> Pieces:
    pieces: Pieces = []
    for name, column in zip(names, columns, strict=True):
        pieces += [f"{', ' if pieces else '{'}{json.dumps(name, ensure_ascii=False)}: ", *_value(column)]
    return [*pieces, "}"] if pieces else ["{}"]


def _value(column: pa.Array) -> Pieces:
    kind = column.type
    if column.null_count:
        whole = pc.binary_join_element_wise(*_merged(["", *_value(_filled(column))]), "")
        return [pc.if_else(column.is_valid(), whole, "null")]
    if pa.types.is_dictionary(kind):  # a few distinct texts: each is escaped once
        return [part if isinstance(part, str) else part.take(column.indices) for part in _value(column.dictionary)]
    if pa.types.is_struct(kind):
        return _object([field.name for field in kind], [column.field(place) for place in range(kind.num_fields)])
    if pa.types.is_string(kind):
        return ['"', _escaped(column), '"']
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return [column.cast(pa.string())]
    return [pa.array([json.dumps(value, ensure_ascii=False) for value in column.to_pylist()], pa.string())]


def _filled(column: pa.Array) -> pa.Array:
    """Puts any value where there is none: it is not shown."""
    first = column.drop_null()
    if not len(first):
        return pa.repeat("", len(column))
    if pa.types.is_dictionary(column.type):
        return _filled(column.cast(column.type.value_type))
    return pa.concat_arrays([column, first[:1]]).take(
        pc.if_else(column.is_valid(), pa.array(np.arange(len(column))), len(column))
    )


def _escaped(texts: pa.StringArray) -> pa.StringArray:
    """Escapes what occurs of the few characters that JSON wants escaped."""
    there = np.flatnonzero(np.bincount(np.frombuffer(_bytes(texts), dtype=np.uint8), minlength=256))
    special = [byte for byte in there.tolist() if byte < CONTROL or byte in (QUOTE, BACKSLASH)]
    for byte in sorted(special, key=lambda byte: byte != BACKSLASH):  # it is part of the other escapes
        texts = pc.replace_substring(texts, chr(byte), json.dumps(chr(byte))[1:-1])
    return texts


def _merged(pieces: Pieces) -> Pieces:
    """Makes one literal of neighbouring ones."""
    merged: Pieces = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, str) and isinstance(last, str):
            merged[-1] = last + piece
        else:
            merged.append(piece)
    return merged


def _hexadecimal(ids: pa.UInt64Array) -> pa.StringArray:
    """Writes numbers as `sdp.contract.rows.id_to_text` does."""
    octets = np.asarray(ids).astype(">u8").view(np.uint8)
    digits: npt.NDArray[np.uint8] = np.stack([octets >> 4, octets & 15], axis=1).ravel()
    text = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[digits]
    ends = np.arange(0, text.size + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(ends), pa.py_buffer(text.tobytes()))


def _bytes(texts: pa.StringArray) -> memoryview:
    """Gives the texts of a column as they lie in memory, one behind the other."""
    _, ends, data = texts.buffers()
    first, last = np.frombuffer(ends, dtype=np.int32)[[texts.offset, texts.offset + len(texts)]]
    return memoryview(data)[first:last] if data is not None else memoryview(b"")
