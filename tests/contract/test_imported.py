"""The stand-in for a generator that rows from elsewhere do not have."""

import pyarrow as pa
import pytest

from sdp.contract.imported import imported
from sdp.contract.rows import DICTIONARY
from sdp.contract.schema import oracle_fields, questions_of, schema_of
from sdp.generators.spelling import Spelling

META = {"separator": pa.string(), "level": pa.int64(), "noise": pa.string(), "held_out_phrasing": pa.bool_()}


def test_an_unknown_task():
    made = imported("odd", META, None, None)
    assert (made.name, made.answer_pattern, made.is_known) == ("odd", r"(?s).+", False)
    meta = schema_of(made).field("meta").type
    assert [meta.field(name).type for name in META] == [DICTIONARY, pa.int64(), DICTIONARY, pa.bool_()]
    assert oracle_fields(made) == ()
    with pytest.raises(NotImplementedError, match="no task called 'odd'"):
        made.solve_table(pa.table({"key": ["x"]}))


def test_a_known_task_answers_through_its_own_oracle():
    made = imported("spelling", META, Spelling, Spelling())
    assert made.answer_pattern == Spelling.answer_pattern
    rows = pa.table(
        {"key": ["tree"], "meta": pa.array([{"separator": "hyphens"}], pa.struct([("separator", pa.string())]))}
    )
    assert made.solve_table(questions_of(made, rows)).to_pylist() == ["t-r-e-e"]


def test_what_rows_lack_is_said():
    made = imported("spelling", META, Spelling, None, "separator")
    assert made.unanswered == "the rows do not hold what the oracle of 'spelling' needs: separator"
