"""Split purity: a family in a foreign split, a held-out phrasing in training."""

import pytest
from tests.validators.mutated import ENCODINGS, as_dictionaries, change, good

from sdp.contract.validator import DataFacts
from sdp.data.splits import split_codes
from sdp.generators.spelling import Spelling
from sdp.validators import split_purity
from sdp.validators.split_purity import SplitPurity


def reasons(table):
    return SplitPurity(Spelling()).reasons(table).to_pylist()


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_good_rows_pass(encode):
    assert reasons(encode(good())) == [None] * 30


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"split": "test"}, "the family belongs to train"),
        ({"split": "validation"}, "the family belongs to train"),
        ({"family": "run"}, "the family belongs to test"),
        ({"family": "window"}, "the family belongs to validation"),
        ({"meta": {"held_out_phrasing": True}}, "a held-out phrasing is in train"),
        ({"family": "run", "meta": {"held_out_phrasing": True}}, "the family belongs to test"),
    ],
)
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_a_leak_is_rejected(changes, reason, encode):
    found = reasons(encode(change(good(), 4, **changes)))
    assert found.pop(4) == reason
    assert set(found) == {None}


def test_held_out_phrasings_may_be_tested():
    assert reasons(change(good(), 4, family="run", split="test", meta={"held_out_phrasing": True})) == [None] * 30


def test_a_family_is_hashed_once_for_all_rows_and_chunks(monkeypatch):
    asked, table = [], as_dictionaries(good("count", 60))
    monkeypatch.setattr(split_purity, "split_codes", lambda names: asked.extend(names) or split_codes(names))
    for start in range(0, 60, 10):
        reasons(table.slice(start, 10))
    assert len(asked) == len(set(asked)) <= len(set(table["family"].to_pylist())) + 1


def imported(splits):
    return DataFacts({"imported": {"splits": splits}})


def test_splits_of_imported_files_are_judged_as_a_whole():
    validator = SplitPurity(Spelling())
    assert validator.begin(imported("own")) is None
    moved = change(change(good(), 4, split="test"), 5, family="run", split="validation")
    assert validator.reasons(moved).to_pylist() == [None] * 30
    found = dict(problem.split(": ", 1) for problem in validator.finish())
    shared = moved["family"][4].as_py() in [moved["family"][row].as_py() for row in range(30) if row not in (4, 5)]
    assert ("test" in found) == shared
    assert "validation" not in found


def test_imported_rows_that_were_hashed_are_judged_like_generated_ones():
    validator = SplitPurity(Spelling())
    assert validator.begin(imported("hash")) is None
    assert validator.reasons(change(good(), 4, split="test")).to_pylist()[4] == "the family belongs to train"
    assert validator.finish() == []


def test_rows_that_were_put_into_one_split_cannot_leak():
    assert SplitPurity(Spelling()).begin(imported("test")) == "all rows were put into test"
