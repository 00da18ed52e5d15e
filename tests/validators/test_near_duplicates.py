"""Near duplicates: the same key in other clothes, and phrasings that differ by a comma."""

from pathlib import Path

import pytest
from tests.synthesis.made import make
from tests.validators.mutated import ENCODINGS, rows_of

from sdp.contract.validator import DataFacts
from sdp.generators.count import Count
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.validators import near_duplicates
from sdp.validators.near_duplicates import NearDuplicates

ASK = "How many times does the letter r appear in the word {}?"


def judged(*tables, phrasings=()):
    validator = NearDuplicates(Count())
    assert validator.begin(DataFacts({"phrasings": list(phrasings)})) is None
    for table in tables:
        assert validator.reasons(table).null_count == table.num_rows
    return validator.finish(), validator.notes()


def phrasing(text, where, held_out=False):
    return {"hash": where, "text": text, "where": where, "held_out": held_out}


@pytest.mark.parametrize("kind", [Spelling, Position, Count])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_what_is_generated_passes(kind, encode):
    folder = make(Path("data"), kind.name, 3_000, words="wordfreq:en:6000")
    tables = [encode(folder.table(split)) for split in folder.manifest.splits]
    problems, notes = judged(*tables, phrasings=[facts.model_dump() for facts in folder.manifest.phrasings])
    assert problems == []
    assert notes[-1].startswith("3,000 prompts about ")


@pytest.mark.parametrize(
    ("key", "other"), [("straw", "straw"), ("straw", "Straw"), ("straw", "ｓｔｒａｗ"), ("straße", "STRASSE")]
)
def test_a_train_prompt_in_other_clothes_is_found(key, other):
    train = rows_of(ASK.format(key), ASK.format("x"), key=key)
    (problem,), _ = judged(train, rows_of(ASK.format(other), "Quite another thing.", key=other, split="test"))
    assert problem.startswith("test: 1 of 2 prompts looked at are nearly train prompts, such as ")


def test_another_question_about_the_same_key_is_none():
    test = rows_of("Write straw letter by letter, with a dot between any two.", key="straw", split="test")
    assert judged(rows_of(ASK.format("straw")), test)[0] == []


def test_the_same_phrasing_about_another_key_is_none():
    assert judged(rows_of(ASK.format("straw")), rows_of(ASK.format("stray"), key="stray", split="test"))[0] == []


def test_a_held_out_phrasing_that_is_nearly_a_trained_one():
    one = "Could you please count the letter {{ letter }} in {{ word }}?"
    other = "Could you please count the letter {{ letter }} in {{word}} ?"
    problems, _ = judged(phrasings=[phrasing(one, "a.jinja:1"), phrasing(other, "b.jinja:1", held_out=True)])
    (problem,) = problems
    assert problem.startswith("a held-out phrasing is nearly one that is trained (9")
    assert problem.endswith("a.jinja:1 and b.jinja:1")
    problems, notes = judged(phrasings=[phrasing(one, "a.jinja:1"), phrasing(other, "b.jinja:1")])
    assert problems == []
    assert notes[0].startswith("two phrasings are nearly the same (9")


def test_first_and_last_letter_are_two_questions():
    ask = "Which letter of '{{ word }}' is the {{ %s }} one, if you please?"
    told = [phrasing(ask % "ordinal", "a"), phrasing(ask % "ordinal_from_end", "b", held_out=True)]
    assert judged(phrasings=told)[0] == []


def test_memory_is_bounded_and_a_key_is_looked_at_in_every_split_or_in_none(monkeypatch):
    monkeypatch.setattr(near_duplicates, "MOST", 100)
    tables = [
        rows_of(*(ASK.format(f"{letter}word{number}") for _ in range(3)), key=f"{letter}word{number}", split=split)
        for split in ("train", "test")
        for number in range(60)
        for letter in "ab"
    ]
    validator = NearDuplicates(Count())
    for table in tables:
        validator.reasons(table)
        assert len(validator._rows) <= 100
        assert sum(map(len, validator._waiting)) < 100
    (problem,) = validator.finish()
    drawn = {"train": set(), "test": set()}
    for row in validator._rows.to_pylist():
        drawn[row["split"]].add(row["key"])
    assert len(drawn["train"] ^ drawn["test"]) <= 1  # the last key may be cut
    assert 10 < len(drawn["train"] & drawn["test"]) < 60
    n_found, n_looked_at = (int(part) for part in problem.split(": ")[1].split(" prompts")[0].split(" of "))
    assert n_found >= n_looked_at - 3


def test_nothing_is_nothing():
    assert judged() == ([], ["0 phrasings compared", "0 prompts about 0 keys looked at"])
