"""Answer distribution: a split that asks for other answers than train is found; chance and small lists are not."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.synthesis.made import make
from tests.validators.mutated import ENCODINGS

from sdp.contract.validator import DataFacts
from sdp.generators.count import Count
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.validators.answer_distribution import AnswerDistribution


def judged(splits, facts=None, kind=Count, n_words=10**6):
    """Judges answers; row i is about word i, counted modulo `n_words`."""
    validator = AnswerDistribution(kind())
    validator.begin(DataFacts(facts or {}))
    for split, answers in splits.items():
        keys = [f"{split}{number % n_words}" for number in range(len(answers))]
        names = pa.array([split] * len(answers)).dictionary_encode()
        table = pa.table({"answer": pa.array(answers), "key": pa.array(keys), "split": names})
        for start in range(0, len(answers), 700):
            assert validator.reasons(table.slice(start, 700)).null_count == min(700, len(answers) - start)
    return validator.finish(), validator.notes()


def drawn(shares, n, seed=0):
    return np.random.default_rng(seed).choice(list("0123"), n, p=shares).tolist()


@pytest.mark.parametrize("kind", [Spelling, Position, Count])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_what_is_generated_passes(kind, encode):
    validator = AnswerDistribution(kind())
    folder = make(Path("data"), kind.name, 3_000, words="wordfreq:en:6000")
    for split in folder.manifest.splits:
        assert validator.reasons(encode(folder.table(split))).null_count == folder.n_rows(split)
    assert validator.finish() == []
    assert [note.partition(":")[0] for note in validator.notes()][:3] == ["train", "validation", "test"]


def test_another_distribution_is_said_with_its_size():
    problems, _ = judged({"train": drawn([0.25] * 4, 4_000), "test": drawn([0.1, 0.5, 0.3, 0.1], 600)})
    (problem,) = problems
    assert problem.startswith("test: its answers are distributed otherwise than train's, Cramér's V 0.")
    assert problem.endswith("over 4 answers, at most 0.1")


def test_the_same_distribution_passes_with_its_size():
    problems, notes = judged({"train": drawn([0.25] * 4, 4_000), "validation": drawn([0.25] * 4, 600, seed=1)})
    assert problems == []
    assert notes[-1] == "validation: Cramér's V against train 0.00, at most 0.1"
    assert "(allowed 34%, equal shares 25.0%); chi-square against equal shares" in notes[0]
    assert "with 3 degrees of freedom" in notes[0]


def test_a_handful_of_words_is_no_evidence():
    splits = {"train": drawn([0.25] * 4, 4_000), "test": drawn([0.1, 0.5, 0.3, 0.1], 600)}
    assert judged(splits, n_words=5)[0] == []
    assert len(judged(splits, n_words=300)[0]) == 1


def test_a_plan_that_ran_out_of_words_says_so_itself():
    splits = {"train": drawn([0.25] * 4, 4_000), "test": drawn([0.32, 0.32, 0.32, 0.04], 600)}
    kinds = {"train": {"strata": {"zero": 1_000, "one": 1_000, "two": 1_000, "three_or_more": 1_000}},
             "test": {"strata": {"zero": 192, "one": 192, "two": 192, "three_or_more": 24}}}  # fmt: skip
    assert len(judged(splits)[0]) == 1
    problems, notes = judged(splits, {"splits": kinds})
    assert problems == []
    assert notes[-1].endswith("its words do not give enough of each")


def test_answers_that_are_nearly_all_different_cannot_be_compared():
    splits = {"train": [f"t{number}" for number in range(900)], "test": [f"e{number}" for number in range(90)]}
    problems, notes = judged(splits, kind=Spelling)
    assert problems == []
    assert notes[-1] == "test: too many different answers to compare their shares with train's"


def test_one_split_alone_has_nothing_to_be_compared_with():
    assert judged({"test": ["1"] * 50})[0] == []
    assert AnswerDistribution(Count()).finish() == []
