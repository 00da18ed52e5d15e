"""Balance: one answer everywhere is found, chance is not."""

from pathlib import Path

import pyarrow as pa
import pytest
from tests.synthesis.made import make

from sdp.contract.imported import imported
from sdp.contract.rows import DICTIONARY
from sdp.contract.validator import DataFacts
from sdp.generators.count import Count
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.validators.balance import Balance


def table(answers, split="train"):
    splits = pa.array([split] * len(answers)).cast(DICTIONARY) if answers else pa.array([], DICTIONARY)
    return pa.table({"answer": pa.array(answers, pa.string()), "split": splits})


@pytest.mark.parametrize("kind", [Spelling, Position, Count])
def test_what_is_generated_is_balanced(kind):
    validator = Balance(kind())
    folder = make(Path("data"), kind.name, 2_000, words="wordfreq:en:3000")
    for split in folder.manifest.splits:
        assert validator.reasons(folder.table(split)).null_count == folder.n_rows(split), split
    assert validator.finish() == []


def test_one_answer_too_often_is_said_with_its_share():
    validator = Balance(Count())
    assert validator.reasons(table(["1"] * 700 + ["2"] * 300)).null_count == 1_000
    assert validator.finish() == ["train: '1' is the answer of 70.0% of 1,000 rows, at most 34%"]


def test_counts_go_on_over_chunks_and_splits_stand_alone():
    validator = Balance(Count())
    for _ in range(10):
        validator.reasons(table(["0", "1", "2", "3"] * 10))
        validator.reasons(table(["1"] * 40, "test"))
    assert validator.finish() == ["test: '1' is the answer of 100.0% of 400 rows, at most 34%"]


def test_a_few_rows_may_be_uneven_by_chance():
    validator = Balance(Count())
    validator.reasons(table(["1", "1", "1", "0", "2"]))
    assert validator.finish() == []
    assert Balance(Count()).finish() == []


def test_rows_from_elsewhere_are_judged_by_an_installed_task_or_not_at_all():
    assert Balance(Count()).begin(DataFacts()) is None
    assert Balance(imported("count", {}, Count, None, "letter")).begin(DataFacts()) is None
    reason = Balance(imported("odd", {}, None, None)).begin(DataFacts())
    assert reason == "no task called 'odd' is installed here to say how common one answer may be"
