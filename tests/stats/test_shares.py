import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from sdp.errors import InputError
from sdp.stats import clustered_mean, clustered_share, clustered_share_difference


def test_many_independent_rows_give_the_wilson_interval():
    values = np.r_[np.ones(2700), np.zeros(300)]
    expected = proportion_confint(2700, 3000, method="wilson")
    ours = clustered_share(values)
    assert (ours.low, ours.high) == pytest.approx(expected, abs=2e-5)


def test_rows_that_repeat_their_key_count_once():
    values = np.r_[np.ones(160), np.zeros(40)]
    once = clustered_share(values)
    thrice = clustered_share(np.repeat(values, 3), np.repeat(np.arange(200), 3))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))


def test_worked_example_of_bonett_and_price():
    # Bonett and Price's formula written out, with their z in place of our t (2,000 pairs: the same to four digits).
    n_fixed, n_broken, n = 150, 90, 2000
    p_fixed, p_broken = (n_fixed + 1) / (n + 2), (n_broken + 1) / (n + 2)
    half = stats.norm.ppf(0.975) * math.sqrt((p_fixed + p_broken - (p_fixed - p_broken) ** 2) / (n + 2))
    before = np.r_[np.zeros(n_fixed), np.ones(n_broken), np.ones(n - n_fixed - n_broken)]
    after = np.r_[np.ones(n_fixed), np.zeros(n_broken), np.ones(n - n_fixed - n_broken)]
    ours = clustered_share_difference(before, after)
    assert ours.effect == pytest.approx(0.03)
    assert (ours.low, ours.high) == pytest.approx((p_fixed - p_broken - half, p_fixed - p_broken + half), abs=3e-5)
    assert ours.se == pytest.approx(clustered_mean(after - before).se)


def test_difference_agrees_with_mcnemar_at_its_border():
    # Five changed pairs give p = .0625 and six p = .031; a plain t interval already leaves zero out at five.
    for n_fixed, significant in ((5, False), (7, True)):
        after = np.r_[np.ones(n_fixed), np.zeros(100 - n_fixed)]
        ours = clustered_share_difference(np.zeros(100), after)
        assert (ours.low > 0) == significant


@pytest.mark.parametrize("value", [0, 1])
def test_all_equal_is_not_defined(value):
    ours = clustered_share([value] * 9)
    assert (ours.effect, ours.low, ours.high) == (value, None, None)
    assert "do not vary" in ours.note


def test_one_row_and_one_key_are_not_defined():
    assert clustered_share([1]).low is None
    assert clustered_share([0, 1], ["a", "a"]).high is None
    assert clustered_share_difference([0, 1], [1, 1], ["a", "a"]).low is None


def test_all_changed_alike_is_not_defined():
    ours = clustered_share_difference([0] * 8, [1] * 8)
    assert (ours.effect, ours.low) == (1.0, None)


def test_outside_of_range_is_an_error():
    with pytest.raises(InputError, match="row 1"):
        clustered_share([0, 2])
    with pytest.raises(InputError, match="row 0"):
        clustered_share_difference([0.5], [1])


rows = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 6)), min_size=2, max_size=60)


@given(rows)
def test_intervals_stay_in_range_and_hold_the_estimate(table):
    before, after, keys = map(list, zip(*table, strict=True))
    share = clustered_share(after, keys)
    if share.low is not None:
        assert 0 <= share.low <= share.effect + 1e-12
        assert share.effect - 1e-12 <= share.high <= 1
    change = clustered_share_difference(before, after, keys)
    if change.low is not None:
        assert -1 <= change.low < change.high <= 1


@given(rows)
def test_wrong_is_the_mirror_of_right(table):
    _, after, keys = map(list, zip(*table, strict=True))
    right, wrong = clustered_share(after, keys), clustered_share([1 - x for x in after], keys)
    if right.low is not None and right.effect != 0.5:
        assert wrong.high == pytest.approx(1 - right.low)


@given(rows)
def test_exchanging_the_arms_mirrors_the_difference(table):
    before, after, keys = map(list, zip(*table, strict=True))
    one, two = clustered_share_difference(before, after, keys), clustered_share_difference(after, before, keys)
    assert one.effect == -two.effect
    if one.low is not None:
        assert one.low == pytest.approx(-two.high, abs=1e-12)
