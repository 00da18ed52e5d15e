"""What is built in, as an author would test it: checks with rows that they must reject, formats with a reader."""

import csv
import json

import pyarrow.parquet as pq
import pytest
from tests.testing.cases import not_ok, verdicts_of

from sdp.plugins.manager import load
from sdp.testing import EXPORTER_CASES, VALIDATOR_CASES, ExporterSubject, ValidatorSubject

OTHER_SPLIT = {"train": "test", "validation": "train", "test": "train"}
SPOILS = {
    "schema": lambda row: row | {"prompt": ""},
    "oracle": lambda row: row | {"answer": row["answer"][::-1], "completion": row["answer"][::-1]}
    if row["answer"] != row["answer"][::-1] else None,
    "uniqueness": dict,
    "split_purity": lambda row: row | {"split": OTHER_SPLIT[row["split"]]},
    "unicode_hygiene": lambda row: row | {"prompt": f"{row['prompt']}\u202e"},
}  # fmt: skip


def lines(folder):
    return [
        json.loads(line)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text("utf-8").split("\n")
        if line
    ]


def table(folder):
    found = []
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as handle:
            found += csv.DictReader(handle)
    return found


def parquet(folder):
    return [row for file in sorted(folder.glob("*.parquet")) for row in pq.read_table(file).to_pylist()]


def saved(folder):
    from datasets import load_from_disk

    return [row for split in load_from_disk(folder).values() for row in split]


READERS = {
    "jsonl": lines,
    "csv": table,
    "parquet": parquet,
    "hf": saved,
    "messages": lines,
    "qa": lines,
    "sharegpt": lines,
}


@pytest.mark.slow
def test_checks_of_rows_reject_what_is_spoilt():
    kinds = load().validators
    subjects = [ValidatorSubject.of(kinds[name], n_rows=60, spoil=spoil) for name, spoil in SPOILS.items()]
    found = verdicts_of(subjects, VALIDATOR_CASES)
    assert {name: not_ok(found[name]) for name in SPOILS} == {name: {} for name in SPOILS}


@pytest.mark.slow
def test_formats_lose_nothing():
    kinds = load().exporters
    found = verdicts_of([ExporterSubject(kinds[name], read=read) for name, read in READERS.items()], EXPORTER_CASES)
    assert {name: not_ok(found[name]) for name in READERS} == {name: {} for name in READERS}
