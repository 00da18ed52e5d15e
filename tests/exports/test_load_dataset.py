"""`datasets.load_dataset` reads every export, row for row: no text becomes a date, a number or nothing."""

import datasets
import pytest
from tests.exports.read_back import lines_of, unusual, write_rows

from sdp.contract.exporter import ExportOptions
from sdp.plugins.manager import load

LINES = ("alpaca", "gemini", "input_output", "inspect", "jsonl", "lm_eval", "messages", "qa", "sharegpt", "trl")


@pytest.fixture(autouse=True)
def _quiet_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    datasets.disable_progress_bars()


def loaded(kind, folder, suffix, tmp_path):
    files = {split: str(folder / f"{split}.{suffix}") for split in ("train", "test")}
    found = datasets.load_dataset(kind, data_files=files, cache_dir=str(tmp_path / "cache"))
    return {split: list(found[split]) for split in files}


@pytest.mark.slow
@pytest.mark.parametrize("name", LINES)
def test_json_lines(name, tmp_path):
    exporter = load().get_exporter(name)
    splits = {"train": unusual(split="train"), "test": unusual()}
    write_rows(exporter(), splits, tmp_path / "out")
    found = loaded("json", tmp_path / "out", "jsonl", tmp_path)
    assert found == {split: lines_of(tmp_path / "out" / f"{split}.jsonl") for split in splits}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["parquet", "tokenized"])
def test_parquet(name, tmp_path):
    import pyarrow.parquet as pq

    exporter = load().get_exporter(name)
    splits = {"train": unusual(split="train"), "test": unusual()}
    write_rows(exporter(ExportOptions(tokenizer="tiny")), splits, tmp_path / "out")
    found = loaded("parquet", tmp_path / "out", "parquet", tmp_path)
    assert found == {split: pq.read_table(tmp_path / "out" / f"{split}.parquet").to_pylist() for split in splits}
