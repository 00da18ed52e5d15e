"""Oracle: a wrong answer is rejected with the right one, in every task."""

import pyarrow as pa
import pytest
from tests.validators.mutated import ENCODINGS, change, good

from sdp.contract.imported import imported
from sdp.contract.validator import DataFacts
from sdp.generators.count import Count
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.validators.oracle import Oracle

KINDS = [Spelling, Position, Count]
WRONG = [lambda answer: answer + "x", lambda answer: answer[:-1] + "?", str.upper, str.swapcase]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_good_rows_pass(kind, encode):
    assert Oracle(kind()).reasons(encode(good(kind.name, 60))).to_pylist() == [None] * 60


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_a_wrong_answer_is_rejected_with_what_is_right(kind, wrong, encode):
    table = good(kind.name)
    right = table["answer"][5].as_py()
    if wrong(right) == right:
        return
    reasons = Oracle(kind()).reasons(encode(change(table, 5, answer=wrong))).to_pylist()
    assert reasons.pop(5) == f"the oracle says '{right}'"
    assert set(reasons) == {None}


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [(Spelling, "separator", "dots"), (Count, "letter", "q"), (Spelling, None, "zebra"), (Count, None, "pizzazz")],
)
def test_an_answer_to_another_question_is_rejected(kind, field, value):
    table = good(kind.name, 60)
    for row in range(60):
        changed = change(table, row, meta={field: value}) if field else change(table, row, key=value)
        (old, new) = (one.slice(row, 1).to_pylist()[0] for one in (table, changed))
        same = old["key"] == new["key"] and old["meta"] == new["meta"]
        rejected = Oracle(kind()).reasons(changed)[row].as_py() is not None
        if kind is Spelling:
            assert rejected != same
        elif not same:
            assert rejected == (str(new["key"].count(new["meta"]["letter"])) != old["answer"])


def test_rows_from_elsewhere_are_judged_where_they_say_enough():
    meta = {"separator": pa.string()}
    assert Oracle(Spelling()).begin(DataFacts()) is None
    assert Oracle(imported("spelling", meta, Spelling, Spelling())).begin(DataFacts()) is None
    reason = Oracle(imported("spelling", {}, Spelling, None, "separator")).begin(DataFacts())
    assert reason == "the rows do not hold what the oracle of 'spelling' needs: separator"
