import math

import pytest

from sdp.benchmarks.predictions.fields import (
    ID,
    PREDICTION,
    as_text,
    choose,
    choose_id,
    id_at,
    needed,
    truth,
    value_at,
    whole_number,
)
from sdp.errors import InputError

RECORD = {"id": "1", "response": "a", "choices": [{"text": "b", "n": 1}], "a.b": "c", "odd": {"a": {"b": "d"}}}


def pick(wanted, record=RECORD, usual=PREDICTION):
    return choose(record, wanted, usual, what="prediction", option="--prediction", where="f:1")


@pytest.mark.parametrize("usual", PREDICTION)
def test_the_only_usual_name_is_taken(usual):
    assert pick(None, {"x": 1, usual: "a"}) == usual


def test_of_two_usual_names_none_is_taken():
    with pytest.raises(InputError, match="'output' and 'response' may all hold the prediction") as caught:
        pick(None, {"response": "a", "output": "b"})
    assert "--prediction" in caught.value.hint


def test_no_usual_name_is_none():
    assert pick(None, {"x": 1}) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("response", "a"), ("choices.0.text", "b"), ("a.b", "c"), ("odd.a.b", "d")],
)
def test_names_and_ways_that_lead_to_a_value(field, value):
    assert pick(field) == field
    assert value_at(RECORD, field, "f:1") == value


@pytest.mark.parametrize("field", ["respnse", "choices.1.text", "choices.text", "odd.x", "response.0", "choices.-1"])
def test_what_is_not_there_is_refused(field):
    with pytest.raises(InputError, match=f"no field '{field}' in the record"):
        pick(field)
    with pytest.raises(InputError, match="in this record"):
        value_at(RECORD, field, "f:1")


def test_a_near_name_is_shown():
    with pytest.raises(InputError) as caught:
        pick("respnse")
    assert "did you mean 'response'? fields are:" in caught.value.hint
    with pytest.raises(InputError) as caught:
        needed(None, {"respnse": "a"}, PREDICTION, "prediction", "--prediction", "f:1")
    assert "--prediction respnse" in caught.value.hint
    assert needed("x", {}, PREDICTION, "", "", "") == "x"


def test_id_goes_before_other_names_of_ids():
    assert choose_id({"uid": 1, "id": 2, "question_id": 3}, None, "f:1") == "id"
    assert choose_id({"uid": 1}, None, "f:1") == "uid"
    assert choose_id({"x": 1}, None, "f:1") is None
    with pytest.raises(InputError, match="may all hold the id"):
        choose_id({"uid": 1, "question_id": 3}, None, "f:1")
    assert set(ID) >= {"id", "question_id"}


def test_whole_numbers_are_their_digits_and_texts_stay():
    assert as_text(3, "x", "f:1") == "3"
    assert as_text(" é\n", "x", "f:1") == " é\n"
    assert as_text(None, "x", "f:1") is None
    assert as_text("a\ud83d", "x", "f:1") == "a\ufffd"


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (math.nan, "is NaN, not text"),
        (3.0, "3.0, a number with a fraction"),
        (True, "True, a truth value"),
        (["a"], "a list, not text"),
        ({"a": 1}, "an object, not text"),
    ],
)
def test_nothing_else_is_made_a_text(value, what):
    with pytest.raises(InputError, match=what) as caught:
        as_text(value, "x", "f:7")
    assert caught.value.where == "f:7"


@pytest.mark.parametrize("value", ["", None])
def test_an_id_must_be_there(value):
    with pytest.raises(InputError, match="the id in 'id' is empty"):
        id_at({"id": value}, "id", "f:1")


def test_numbers_and_truth_as_json_and_csv_have_them():
    assert [whole_number(value) for value in (3, "3", 3.0, "", None)] == [3, 3, 3, None, None]
    assert [truth(value) for value in (True, "true", "False", "", None)] == [True, True, False, None, None]
    for value in (True, 1.5, "x"):
        with pytest.raises(ValueError):
            whole_number(value)
    with pytest.raises(ValueError):
        truth("yes")
