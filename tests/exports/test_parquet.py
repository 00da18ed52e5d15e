"""Parquet: read back equal, types and all."""

import pyarrow.parquet as pq
from tests.exports.read_back import write

from sdp.exports.parquet import Parquet


def test_read_back_equal(folder, tmp_path):
    assert write(Parquet, folder, tmp_path / "out") == ["train.parquet", "test.parquet"]
    for split in ("train", "test"):
        table = pq.read_table(tmp_path / "out" / f"{split}.parquet")
        assert table.schema.equals(folder.schema)
        assert table.to_pylist() == folder.table(split).to_pylist()
