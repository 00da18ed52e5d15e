"""Hugging Face: `load_dataset` and `load_from_disk` read the export; `load_dataset` reads the data set itself."""

import datasets
import pytest
from tests.exports.read_back import expected, write

from sdp.exports.hf import HuggingFace


@pytest.fixture(autouse=True)
def _quiet_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    datasets.disable_progress_bars()


def rows_of(dataset):
    return {split: list(dataset[split]) for split in dataset}


@pytest.fixture
def wanted(folder):
    return {split: expected(folder, split) for split in ("train", "test")}


def test_both_readers_give_the_rows_back(folder, wanted, tmp_path):
    files = write(HuggingFace, folder, tmp_path / "out")
    assert {"dataset_dict.json", "README.md", "train/data-00000-of-00001.arrow"} <= set(files)
    assert not any("stream" in file for file in files)
    assert sorted(files) == sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    )
    assert rows_of(datasets.load_from_disk(str(tmp_path / "out"))) == wanted
    assert rows_of(datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))) == wanted


def test_the_data_set_itself_is_read_as_it_is(folder, wanted, tmp_path):
    assert rows_of(datasets.load_dataset(str(folder.path), cache_dir=str(tmp_path / "cache"))) == wanted


def test_ids_keep_all_their_bits(folder, wanted, tmp_path):
    write(HuggingFace, folder, tmp_path / "out")
    ids = datasets.load_from_disk(str(tmp_path / "out"))["train"]["id"]
    assert max(ids) > 2**63
    assert list(ids) == [row["id"] for row in wanted["train"]]
