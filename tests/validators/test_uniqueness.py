"""Uniqueness: the first of equal rows stays, within a chunk and across chunks."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from tests.validators.mutated import change, good

from sdp.generators.spelling import Spelling
from sdp.validators.uniqueness import Uniqueness

REASON = "the same question occurs before"


def test_good_rows_pass_once():
    validator, table = Uniqueness(Spelling()), good()
    assert validator.reasons(table).to_pylist() == [None] * 30
    assert validator.reasons(table).to_pylist() == [REASON] * 30


def test_a_copied_id_is_rejected():
    table = good()
    reasons = Uniqueness(Spelling()).reasons(change(table, 9, id=table["id"][2].as_py())).to_pylist()
    assert reasons.pop(9) == REASON
    assert set(reasons) == {None}


@given(st.lists(st.lists(st.integers(0, 30), max_size=12), max_size=8))
def test_every_later_copy_is_rejected_however_rows_are_cut(chunks):
    validator, seen = Uniqueness(Spelling()), set()
    for chunk in chunks:
        found = validator.reasons(pa.table({"id": pa.array(chunk, pa.uint64())})).to_pylist()
        for number, reason in zip(chunk, found, strict=True):
            assert (reason == REASON) == (number in seen)
            seen.add(number)
