"""Schema: whole columns, whole texts, and the answer on the last line."""

import pyarrow as pa
import pytest
from tests.validators.mutated import change, good

from sdp.api import InputError
from sdp.generators.count import Count
from sdp.generators.spelling import Spelling
from sdp.validators.schema import Schema


@pytest.mark.parametrize("style", ["direct", "trace"])
def test_good_rows_pass(style):
    assert Schema(Count()).reasons(good("count", style=style)).to_pylist() == [None] * 30


@pytest.mark.parametrize("column", ["prompt", "answer", "completion", "key", "family"])
def test_an_empty_text_is_rejected(column):
    reasons = Schema(Spelling()).reasons(change(good(), 7, **{column: ""})).to_pylist()
    assert reasons.pop(7) == f"{column} is empty"
    assert set(reasons) == {None}


@pytest.mark.parametrize("completion", ["x", "a-b\nx", "{answer} ", "{answer}\n", " {answer}", "{answer}.\n\n"])
def test_a_completion_that_does_not_end_with_the_answer_is_rejected(completion):
    table = good("count", style="trace")
    answer = table["answer"][3].as_py()
    reasons = Schema(Count()).reasons(change(table, 3, completion=completion.format(answer=answer))).to_pylist()
    assert reasons.pop(3) == "the completion's last line is not the answer"
    assert set(reasons) == {None}


def test_a_null_is_rejected():
    table = good()
    texts = table["prompt"].to_pylist()
    texts[0] = None
    nullable = table.set_column(table.schema.get_field_index("prompt"), "prompt", pa.array(texts, pa.string()))
    assert Schema(Spelling()).reasons(nullable)[0].as_py() == "prompt is empty"


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (lambda table: table.drop_columns("family"), "column 'family' is missing"),
        (lambda table: table.append_column("note", table["key"]), "column 'note' does not belong there"),
        (
            lambda table: table.set_column(0, "id", table["id"].cast(pa.string())),
            "column 'id' is string, it should be uint64",
        ),
        (lambda table: good("count"), "column 'meta' is struct"),
    ],
)
def test_a_table_of_another_schema_cannot_be_judged(wrong, what):
    with pytest.raises(InputError, match=what) as caught:
        Schema(Spelling()).reasons(wrong(good()))
    assert caught.value.where == "spelling"
