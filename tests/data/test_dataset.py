"""Reading data sets: what was lost or changed is named."""

import json
import os

import pytest
from tests.synthesis.made import make

from sdp.data.dataset import TaskFolder, data_folders, foreign_files
from sdp.data.manifest import NAME
from sdp.errors import InputError


@pytest.fixture
def folder(tmp_path):
    return make(tmp_path / "data" / "spelling", rows_per_shard=30)


def test_rows_are_read_in_order_by_table_and_by_batch(folder):
    assert [file.name for file in folder.files("train")] == [
        "train-00000-of-00003.parquet",
        "train-00001-of-00003.parquet",
        "train-00002-of-00003.parquet",
    ]
    table = folder.table("train")
    assert table.num_rows == folder.n_rows("train") == 80
    in_batches = [row for batch in folder.batches("train", ["id"]) for row in batch.to_pylist()]
    assert in_batches == table.select(["id"]).to_pylist()
    assert folder.table("test", ["answer"]).column_names == ["answer"]
    assert folder.schema.equals(table.schema)


def test_a_split_that_is_not_there(tmp_path):
    folder = make(tmp_path / "only-test", ratios=(0, 0, 1))
    assert folder.n_rows("train") == 0
    assert list(folder.batches("train")) == []
    with pytest.raises(InputError, match="has no train rows"):
        folder.table("train")


def test_a_missing_shard_is_named(folder):
    (folder.path / "train-00001-of-00003.parquet").unlink()
    with pytest.raises(InputError, match=r"shard 'train-00001-of-00003\.parquet' is missing"):
        TaskFolder.open(folder.path)


def test_a_truncated_shard_is_named(folder):
    path = folder.path / "test-00000-of-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"shard 'test-00000-of-00001.parquet' was changed") as caught:
        TaskFolder.open(folder.path)
    assert "--overwrite" in caught.value.hint


def test_a_shard_with_one_bit_turned_is_named(folder):
    path = folder.path / "validation-00000-of-00001.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    opened = TaskFolder.open(folder.path)  # the size is right
    with pytest.raises(InputError, match=r"shard 'validation-00000-of-00001.parquet' was changed"):
        opened.check_hashes()


def test_folders_are_found_newest_first_and_unfinished_ones_are_not(tmp_path, folder):
    root = folder.path.parent
    for name in ("older", ".spelling.unfinished", ".spelling.old"):
        make(root / name)
    os.utime(root / "older" / NAME, ns=(1, 1))
    (root / "foreign").mkdir()
    assert [found.path.name for found in data_folders(root)] == ["spelling", "older"]
    assert data_folders(tmp_path / "nowhere") == []


def test_what_is_not_ours_is_told_from_what_is(folder):
    assert foreign_files(folder.path) == []
    for name in ("thesis.docx", "train.parquet", "manifest.json.bak"):
        (folder.path / name).write_text(json.dumps({}))
    assert foreign_files(folder.path) == ["manifest.json.bak", "thesis.docx", "train.parquet"]
