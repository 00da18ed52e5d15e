import numpy as np
import pytest

from sdp.errors import InputError
from sdp.stats.arrays import Groups, as_binary, as_unit, as_values, check_pairs


def test_values_become_float64():
    assert as_values([True, 0, 2.5], "x").dtype == np.float64


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), None])
def test_a_gap_is_an_error_that_names_the_row(bad):
    with pytest.raises(InputError) as caught:
        as_values([1.0, 2.0, bad], "scores")
    assert "row 2" in str(caught.value)
    assert "scores" in caught.value.what


@pytest.mark.parametrize("bad", [[], [[1.0]], ["a"], 1.0, [[1], [1, 2]]])
def test_what_is_not_one_number_per_row_is_an_error(bad):
    with pytest.raises(InputError):
        as_values(bad, "x")


def test_binary_names_the_row_that_is_neither():
    with pytest.raises(InputError, match="row 1"):
        as_binary([1, 0.5], "x")


@pytest.mark.parametrize("bad", [-0.1, 1.1])
def test_unit_names_the_row_outside(bad):
    with pytest.raises(InputError, match="row 0"):
        as_unit([bad, 0.5], "x")


def test_arms_of_different_length_are_an_error():
    with pytest.raises(InputError, match="2 rows before"):
        check_pairs(np.zeros(2), np.zeros(3))


def test_labels_of_any_kind_group_rows():
    for labels in (["a", "b", "a"], np.array([7, 3, 7]), [("x", 1), None.__class__, ("x", 1)]):
        groups = Groups.of(labels, 3)
        assert groups.n == 2
        assert groups.sizes.tolist() == [2, 1]
        assert groups.totals(np.array([1.0, 10.0, 100.0])).tolist() == [101, 10]


def test_without_labels_each_row_is_its_own_cluster():
    assert Groups.of(None, 4).n == 4


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_label_is_an_error_with_its_row(missing):
    with pytest.raises(InputError, match="row 1"):
        Groups.of(["a", missing], 2)


def test_too_few_labels_are_an_error():
    with pytest.raises(InputError, match="1 cluster labels for 2 rows"):
        Groups.of(["a"], 2)
