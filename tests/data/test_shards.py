"""Shards: what is read is what was written, and the checksum is the file's."""

import hashlib

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.data.shards import sha256_of, write_shard


def test_a_shard_is_written_whole_with_its_checksum(tmp_path):
    table = pa.table({"id": pa.array([1, 2**64 - 1], pa.uint64()), "word": ["é", "b"]})
    path = tmp_path / "a.parquet"
    digest = write_shard(table, path)
    assert pq.read_table(path).equals(table)
    assert digest == sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.parquet"]


def test_equal_rows_give_equal_bytes(tmp_path):
    table = pa.table({"word": [f"word {number}" for number in range(1000)]})
    pieces = pa.concat_tables([table.slice(0, 10), table.slice(10)]).combine_chunks()
    assert write_shard(table, tmp_path / "a") == write_shard(pieces, tmp_path / "b")
