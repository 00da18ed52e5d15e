import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.benchmarks.metrics.exact_match import ExactMatch

RIGHT = [
    ("s-t-r-a-w", "s-t-r-a-w"),
    ("  s-t-r-a-w \n", "s-t-r-a-w"),
    ("p-l-a-n\na", "a"),
    ("a", "a"),
    ("the", "the"),
    ("3", "3"),
    ("c-a-f-é", "c-a-f-é"),
]
WRONG = [
    ("s-t-r-w", "s-t-r-a-w"),  # normalisers that drop articles call this right
    ("an apple", "apple"),
    ("the a", "a"),
    ("13", "3"),  # reasoning-gym gives half a point
    ("3 letters, 1 vowel", "31"),  # a number extractor joins all digits of a reply
    ("3.", "3"),
    ("3.0", "3"),
    ("A", "a"),
    ("apple", "a"),  # the position metric that reads only the reply's first character
    ("a\nb", "a"),  # the first line is not the last
    ("s t r a w", "s-t-r-a-w"),
    ("w-a-r-t-s", "s-t-r-a-w"),
    ("", "a"),
    ("c-a-f-e", "c-a-f-é"),
]


@pytest.mark.parametrize(("prediction", "reference"), RIGHT)
def test_right(prediction, reference):
    assert ExactMatch().rows([prediction], [reference]).tolist() == [1.0]


@pytest.mark.parametrize(("prediction", "reference"), WRONG)
def test_wrong(prediction, reference):
    assert ExactMatch().rows([prediction], [reference]).tolist() == [0.0]


def test_an_answer_of_two_lines_is_compared_with_the_last_two():
    metric = ExactMatch()
    assert metric.rows(["steps\na\nb"], ["a\nb"]).tolist() == [1.0]
    assert metric.rows(["a\nb\nb"], ["a\nb"]).tolist() == [0.0]


@given(st.text(), st.text())
def test_is_equality_of_stripped_one_line_texts(prediction, reference):
    prediction, reference = prediction.replace("\n", " "), reference.replace("\n", " ")
    expected = prediction.strip() == reference.strip()
    assert ExactMatch().rows([prediction], [reference]).tolist() == [float(expected)]


def test_corpus_is_the_share_of_right_rows_and_nan_for_none():
    metric = ExactMatch()
    assert metric.corpus(["a", "b", "c", "d"], ["a", "x", "c", "x"]) == 0.5
    assert metric.corpus([], []) != metric.corpus([], [])


def test_the_signature_names_the_rule():
    assert "last line" in ExactMatch().signature
    assert "case" in ExactMatch().signature


def test_lists_of_different_length_are_refused():
    with pytest.raises(ValueError, match="zip"):
        ExactMatch().rows(["a"], ["a", "b"])
