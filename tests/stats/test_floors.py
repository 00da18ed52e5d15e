import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.stats import majority_floor


def test_most_frequent_answer():
    floor = majority_floor(["1", "2", "1", "1"])
    assert (floor.answer, floor.share, floor.n, floor.n_tied) == ("1", 0.75, 4, 1)


def test_ties_go_to_the_first_in_sorting_whatever_the_order():
    assert majority_floor(["b", "a"]) == majority_floor(["a", "b"])
    assert majority_floor(["b", "a"]).answer == "a"
    assert majority_floor(["b", "a"]).n_tied == 2


def test_one_row_is_all():
    assert majority_floor(iter(["x"])).share == 1.0


def test_no_rows_and_gaps_are_errors():
    with pytest.raises(InputError):
        majority_floor([])
    with pytest.raises(InputError, match="row 1"):
        majority_floor(["a", None])


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_no_constant_answer_scores_more(answers):
    floor = majority_floor(answers)
    assert floor.share == max(answers.count(a) for a in "abc") / len(answers)
    assert answers.count(floor.answer) / len(answers) == floor.share
