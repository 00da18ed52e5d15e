"""CSV: read back equal with Python's own reader."""

import csv

from tests.exports.read_back import expected, write

from sdp.exports.csv import Csv


def cell(value):
    return "" if value is None else str(value)


def test_read_back_equal(folder, tmp_path):
    assert write(Csv, folder, tmp_path / "out") == ["train.csv", "test.csv"]
    for split in ("train", "test"):
        with (tmp_path / "out" / f"{split}.csv").open(encoding="utf-8", newline="") as handle:
            found = list(csv.DictReader(handle))
        wanted = []
        for row in expected(folder, split):
            meta = row.pop("meta")
            flat = row | {"id": f"{row['id']:016x}"} | {f"meta_{name}": value for name, value in meta.items()}
            wanted.append({name: cell(value) for name, value in flat.items()})
        assert found == wanted


def test_a_completion_of_two_lines_is_one_cell(folder, tmp_path):
    write(Csv, folder, tmp_path / "out")
    with (tmp_path / "out" / "train.csv").open(encoding="utf-8", newline="") as handle:
        assert all("\n" in row["completion"] for row in csv.DictReader(handle))
