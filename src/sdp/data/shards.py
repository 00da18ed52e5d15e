"""Parquet shards and their checksums."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.data.atomic import atomic_file

ROW_GROUP = 65_536


def write_shard(table: pa.Table, path: Path) -> str:
    """Writes a shard, whole or not at all.

    Returns:
        The file's SHA-256.
    """
    with atomic_file(path, "wb") as handle:
        pq.write_table(table, handle, compression="zstd", row_group_size=ROW_GROUP)
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    """Hashes a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
