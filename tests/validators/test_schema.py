"""Schema: whole columns, whole texts, and the answer on the last line."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.validators.mutated import ENCODINGS, change, good

from sdp.api import InputError
from sdp.generators.count import Count
from sdp.generators.spelling import Spelling
from sdp.validators.schema import Schema, _other_end


@pytest.mark.parametrize("style", ["direct", "trace"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_good_rows_pass(style, encode):
    assert Schema(Count()).reasons(encode(good("count", style=style))).to_pylist() == [None] * 30


@pytest.mark.parametrize("column", ["prompt", "answer", "completion", "key", "family"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_an_empty_text_is_rejected(column, encode):
    reasons = Schema(Spelling()).reasons(encode(change(good(), 7, **{column: ""}))).to_pylist()
    assert reasons.pop(7) == f"{column} is empty"
    assert set(reasons) == {None}


@pytest.mark.parametrize("completion", ["x", "a-b\nx", "{answer} ", "{answer}\n", " {answer}", "{answer}.\n\n"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_a_completion_that_does_not_end_with_the_answer_is_rejected(completion, encode):
    table = good("count", style="trace")
    answer = table["answer"][3].as_py()
    changed = encode(change(table, 3, completion=completion.format(answer=answer)))
    reasons = Schema(Count()).reasons(changed).to_pylist()
    assert reasons.pop(3) == "the completion's last line is not the answer"
    assert set(reasons) == {None}


@pytest.mark.parametrize("column", ["prompt", "answer", "completion", "key", "family"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_a_null_is_rejected(column, encode):
    table = encode(good())
    texts = table[column].to_pylist()
    texts[0] = None
    place, kind = table.schema.get_field_index(column), table[column].type
    column_with_null = pa.array(texts, pa.string())
    column_with_null = column_with_null.dictionary_encode() if pa.types.is_dictionary(kind) else column_with_null
    reasons = Schema(Spelling()).reasons(table.set_column(place, column, column_with_null)).to_pylist()
    assert reasons.pop(0) == f"{column} is empty"
    assert set(reasons) == {None}


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "a\nb", ""]), st.sampled_from(["a", "b", "", "x\na", "x\n"])), max_size=9
    )
)
def test_the_last_line_is_what_split_says(rows):
    """In both encodings, and when answers and completions share one dictionary."""
    texts = pa.array(["a", "b", "a\nb", "", "x\na", "x\n"])
    numbers = [[texts.to_pylist().index(row[side]) for row in rows] for side in (0, 1)]
    shared = [pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), texts) for codes in numbers]
    apart = [column.cast(pa.string()).dictionary_encode() for column in shared]
    for answers, completions in (shared, apart, [column.cast(pa.string()) for column in shared]):
        found = _other_end(pa.table({"answer": answers, "completion": completions}))
        expected = [completion.rsplit("\n", 1)[-1] != answer for answer, completion in rows]
        assert (found.tolist() if found is not None else [False] * len(rows)) == expected


def test_plain_and_dictionary_columns_are_one_schema_and_other_types_are_not():
    for encode in ENCODINGS.values():
        assert Schema(Spelling()).reasons(encode(good())).null_count == 30
    table = good()
    numbers = pa.array(range(30)).cast(pa.string()).dictionary_encode().cast(pa.dictionary(pa.int32(), pa.string()))
    assert Schema(Spelling()).reasons(table.set_column(6, "key", numbers)).null_count == 30
    with pytest.raises(InputError, match="column 'key' is binary"):
        Schema(Spelling()).reasons(table.set_column(6, "key", table["key"].cast(pa.string()).cast(pa.binary())))


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


@pytest.mark.parametrize(
    ("answer", "completion", "good_row"),
    [
        ("1. a\n2. b", "1. a\n2. b", True),
        ("1. a\n2. b", "because\n1. a\n2. b", True),
        ("1. a\n2. b", "2. b", False),
        ("1. a\n2. b", "x1. a\n2. b", False),
        ("a\nb", "b\na", False),
    ],
)
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_an_answer_of_several_lines_is_the_end_of_its_completion(answer, completion, good_row, encode):
    """As rows from elsewhere have them."""
    found = Schema(Spelling()).reasons(encode(change(good(), 3, answer=answer, completion=completion))).to_pylist()
    assert found.pop(3) == (None if good_row else "the completion's last line is not the answer")
    assert set(found) == {None}
