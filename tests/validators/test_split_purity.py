"""Split purity: a family in a foreign split, a held-out phrasing in training."""

import pytest
from tests.validators.mutated import change, good

from sdp.generators.spelling import Spelling
from sdp.validators.split_purity import SplitPurity


def reasons(table):
    return SplitPurity(Spelling()).reasons(table).to_pylist()


def test_good_rows_pass():
    assert reasons(good()) == [None] * 30


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
def test_a_leak_is_rejected(changes, reason):
    found = reasons(change(good(), 4, **changes))
    assert found.pop(4) == reason
    assert set(found) == {None}


def test_held_out_phrasings_may_be_tested():
    assert reasons(change(good(), 4, family="run", split="test", meta={"held_out_phrasing": True})) == [None] * 30
