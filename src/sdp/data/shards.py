"""Writing a Parquet shard, row group by row group, and hashing it on its way out."""

import hashlib
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sdp.contract.columns import coded, codes_of
from sdp.data.place import Place

ROW_GROUP = 65_536
"""Rows that are made, judged and written together: what a worker holds in memory."""
FEW = 4 / 3
"""A text column is written as a dictionary when its texts repeat this often on average."""
LARGEST_DICTIONARY = 64 << 20
"""Bytes; Parquet would give up at one megabyte, in the middle of a row group."""


class ShardWriter:
    """Writes tables of one schema to an open file.

    Args:
        handle: Where the bytes go; the caller closes it.
    """

    def __init__(self, handle: IO[bytes]) -> None:
        self._hashing = _Hashing(handle)
        self._parquet: pq.ParquetWriter | None = None
        self.n_rows = 0

    def write(self, table: pa.Table) -> None:
        """Writes rows as one row group; the first table decides which columns repeat."""
        small = pa.table([_compact(column) for column in table.columns], schema=table.schema)
        if self._parquet is None:
            self._parquet = pq.ParquetWriter(
                self._hashing,
                table.schema,
                compression=_codecs(table.schema),
                use_dictionary=repeating(small),  # prompts and ids never repeat: looking for it doubles the time
                dictionary_pagesize_limit=LARGEST_DICTIONARY,
                write_statistics=False,
            )
        self._parquet.write_table(small, row_group_size=max(1, table.num_rows))
        self.n_rows += table.num_rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._parquet is not None:
            self._parquet.close()

    @property
    def sha256(self) -> str:
        """Of the file, once the writer is closed."""
        return self._hashing.digest.hexdigest()

    @property
    def n_bytes(self) -> int:
        """Of the file, once the writer is closed."""
        return self._hashing.n_bytes


class _Hashing:
    """A file that hashes what is written to it."""

    closed = False

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle
        self.digest = hashlib.sha256()
        self.n_bytes = 0

    def write(self, data: Any) -> int:
        self.digest.update(data)
        self.n_bytes += len(data)
        self._handle.write(data)
        return len(data)

    def tell(self) -> int:
        return self.n_bytes

    def flush(self) -> None:
        self._handle.flush()

    def close(self) -> None:
        """Leaves closing to whoever opened it."""

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


def sha256_of(place: Place, name: str) -> str:
    """Hashes a file."""
    with place.open(name) as handle:
        digest = hashlib.sha256()
        while block := handle.read(1 << 20):
            digest.update(block)
        return digest.hexdigest()


def _codecs(schema: pa.Schema) -> dict[str, str]:
    """Names the codec of every column; hashes cannot be compressed, and trying takes time."""
    names = [
        f"{field.name}.{member.name}" if member else field.name
        for field in schema
        for member in (field.type if pa.types.is_struct(field.type) else [None])
    ]
    return {name: "none" if pa.types.is_uint64(schema.field(name.partition(".")[0]).type) else "zstd" for name in names}


def repeating(table: pa.Table) -> list[str]:
    """Names the columns, and the members of meta, that are worth a dictionary in the file."""
    names = []
    for field, column in zip(table.schema, table.columns, strict=True):
        if pa.types.is_struct(field.type):
            names += [f"{field.name}.{member.name}" for member in field.type if not pa.types.is_boolean(member.type)]
        elif pa.types.is_dictionary(field.type):
            n_values = len(column.chunk(0).dictionary) if column.num_chunks else 0
            if n_values * FEW <= table.num_rows or n_values <= 1:
                names.append(field.name)
    return names


def _compact(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """Leaves out the texts of a dictionary that no row has; all the words of a lexicon would go into every shard."""
    if not pa.types.is_dictionary(column.type) or not len(column):
        return column
    whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    values = whole.dictionary
    if len(values) * 2 <= len(whole):
        return whole
    codes = codes_of(whole)
    used = np.zeros(len(values) + 1, dtype=bool)
    used[codes] = True  # a null's −1 is the last one
    kept = np.flatnonzero(used[:-1])
    new = np.full(len(values) + 1, -1, dtype=np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    return coded(new[codes], values.take(pa.array(kept)))
