"""Kept fields have one type; a value of another one is named with its row."""

import pyarrow as pa
import pytest

from sdp.errors import InputError
from sdp.importing.meta_fields import chosen_fields, inferred


def field(wanted, sample, textual=False):
    return chosen_fields([wanted], sample, list(sample[0]), "f", textual=textual)[0]


@pytest.mark.parametrize(
    ("values", "textual", "kind"),
    [
        ([1, 2], False, pa.int64()),
        ([1, 2.5], False, pa.float64()),
        ([True], False, pa.bool_()),
        (["1"], False, pa.string()),
        (["1", "2"], True, pa.int64()),
        (["01"], True, pa.string()),
        (["1.5", "2"], True, pa.string()),
        (["1.5"], True, pa.float64()),
        (["True", "False"], True, pa.bool_()),
        ([None, ""], False, pa.string()),
        ([1, "a"], False, pa.string()),
        ([1, True], False, pa.string()),
    ],
)
def test_types(values, textual, kind):
    assert inferred(values, textual=textual) == kind


def test_a_column():
    column = field("n", [{"n": 1}]).column([1, None, 3], [1, 2, 3], "f")
    assert (column.type, column.to_pylist()) == (pa.int64(), [1, None, 3])


@pytest.mark.parametrize(
    ("first", "value", "said"), [(1, "hard", "text"), (1, 1.5, "a number"), (True, "x", "text"), (1.5, [1], "a list")]
)
def test_another_type_further_down_is_named_with_its_row(first, value, said):
    with pytest.raises(InputError, match=f"'n' is {said} here") as caught:
        field("n", [{"n": first}]).column([first, value], [10, 17], "f.jsonl")
    assert caught.value.where == "f.jsonl:17"
    assert caught.value.hint == "--meta n:text reads all of it as text"


def test_text_takes_everything_plain():
    assert field("n:text", [{"n": 1}]).column([1, "hard", True, None], [1, 2, 3, 4], "f").to_pylist() == [
        "1",
        "hard",
        "true",
        None,
    ]


def test_a_name_with_a_colon_is_a_name_if_there_is_such_a_field():
    assert field("a:int", [{"a:int": "x"}]).kind == pa.string()


@pytest.mark.parametrize(("wanted", "hint"), [("lvel", "did you mean 'level'"), ("level:txt", "did you mean 'text'")])
def test_near_names(wanted, hint):
    with pytest.raises(InputError) as caught:
        field(wanted, [{"level": 1}])
    assert hint in caught.value.hint


def test_names_that_the_benchmarks_read_have_to_have_their_type():
    assert field("position", [{"position": 3}]).kind == pa.int64()
    with pytest.raises(InputError, match="read by the benchmarks as int64"):
        field("position", [{"position": "third"}])


@pytest.mark.parametrize(
    ("kind", "values", "row"), [("int", [1, 2**63], 2), ("int", ["9" * 30], 1), ("float", [10**400], 1)]
)
def test_numbers_that_are_too_large_are_named_with_their_row(kind, values, row):
    with pytest.raises(InputError, match="'n' is") as caught:
        field(f"n:{kind}", [{"n": 1}]).column(values, range(1, len(values) + 1), "f")
    assert caught.value.where == f"f:{row}"


def test_numbers_that_no_column_holds_are_kept_as_text():
    assert inferred([1, 2**64], textual=False) == inferred(["1", str(2**64)], textual=True) == pa.string()


def test_nan_is_nothing_and_infinity_no_number():
    nan, infinity = float("nan"), float("inf")
    assert inferred([nan, 1.5], textual=False) == pa.float64()
    for kind in ("int", "float", "text", "bool"):
        assert field(f"n:{kind}", [{"n": 1}]).column([nan], [1], "f").null_count == 1
        with pytest.raises(InputError, match="'n' is infinity here"):
            field(f"n:{kind}", [{"n": 1}]).column([infinity], [1], "f")
