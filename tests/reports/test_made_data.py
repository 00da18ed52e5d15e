"""What `sdp generate` says: every number that matters, in units that people read."""

from pathlib import Path

import pytest
from rich.console import Console

from sdp.reports.made_data import made_text, plan_table
from sdp.workflows.dry_run import DryRun, SplitSketch, StratumPlan
from sdp.workflows.generate import GenerateResult


def result(**more):
    usual = {
        "folder": Path("data/count"), "task": "count", "rows": {"train": 80_000, "test": 10_000},
        "floors": {"train": 0.25, "test": 0.2512}, "n_rejects": 0, "made": True, "fingerprint": "0" * 16,
        "example": {"prompt": "How many e\nin tree?", "completion": "2"},
    }  # fmt: skip
    return GenerateResult(**usual | more)


def plan(**more):
    strata = [StratumPlan("zero", 40, 4_000), StratumPlan("one", 40, 900)]
    usual = {
        "task": "count", "where": "data/count", "fingerprint": "0" * 16, "workers": 1, "bytes": 6_300, "seconds": 0.5,
        "splits": [SplitSketch("train", 80, 4_900, 1_234, 40, strata), SplitSketch("test", 20, 300, 12, 50, [])],
    }  # fmt: skip
    return DryRun(**usual | more)


def shown(dry_run):
    console = Console(width=100, no_color=True)
    with console.capture() as capture:
        console.print(plan_table(dry_run))
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_what_was_made():
    assert made_text(result()).splitlines() == [
        "wrote 90,000 distinct rows of count in data/count (80,000 train, 10,000 test)",
        "floor, always guessing the commonest answer: 25.0% train, 25.1% test",
        "example: How many e ⏎ in tree? → '2'",
    ]


def test_what_was_there_and_what_was_refused():
    assert made_text(result(made=False)).startswith("verified 90,000 distinct rows")
    assert "rejected and replaced: 1,234 rows; rejects.parquet says why" in made_text(result(n_rejects=1_234))
    assert "rejected" not in made_text(result())


def test_a_plan_has_a_line_per_split_and_kind_of_question():
    lines = shown(plan())
    assert lines[0] == "split kind of question rows capacity words phrasings"
    assert lines[1:5] == ["train all 80 4,900 1,234 40", "zero 40 4,000", "one 40 900", "test all 20 300 12 50"]
    assert lines[-2] == "100 rows would go to data/count: about 6.3 kB and 0.5 s with 1 process"
    assert lines[-1] == "nothing was written"


def test_a_single_kind_of_question_is_not_listed_and_an_open_task_has_no_capacity():
    one = SplitSketch("train", 5, None, 0, 3, [StratumPlan("all", 5, 9)])
    assert shown(plan(splits=[one]))[1:2] == ["train all 5 open 0 3"]
    assert len(shown(plan(splits=[one]))) == 4


def test_notes_are_shown():
    assert "words.txt: 2 lines are no words" in shown(plan(notes=("words.txt: 2 lines are no words",)))


@pytest.mark.parametrize(
    ("n_bytes", "seconds", "wanted"),
    [
        (0, 0.04, "0 bytes and 0.0 s"),
        (999, 89.9, "999 bytes and 89.9 s"),
        (1_500_000, 90, "1.5 MB and 2 min"),
        (2_340_000_000, 5_399, "2.34 GB and 90 min"),
        (7e12, 36_000, "7.0 TB and 10.0 h"),
        (7_123.4e12, 5_400, "7,123.4 TB and 1.5 h"),
    ],
)
def test_sizes_and_times_have_their_units(n_bytes, seconds, wanted):
    assert f"about {wanted} with 1 process" in shown(plan(bytes=n_bytes, seconds=seconds))[-2]


def test_processes_are_counted():
    assert shown(plan(workers=4))[-2].endswith("with 4 processes")
