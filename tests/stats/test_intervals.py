import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sdp.errors import InputError
from sdp.stats import clustered_difference, clustered_mean
from sdp.stats.intervals import NO_VARIANCE, ONE_CLUSTER


@pytest.mark.parametrize("seed", range(3))
def test_clustered_mean_equals_statsmodels(seed):
    rng = np.random.default_rng(seed)
    clusters = rng.integers(0, 12, size=90)
    values = rng.normal(size=90) + clusters / 3
    fit = sm.OLS(values, np.ones(90)).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    ours = clustered_mean(values, clusters)
    assert ours.effect == pytest.approx(fit.params[0])
    assert ours.se == pytest.approx(fit.bse[0])
    assert (ours.low, ours.high) == pytest.approx(tuple(fit.conf_int()[0]))


def test_without_clusters_it_is_the_one_sample_t_interval():
    values = [2.1, 3.4, 1.9, 5.0, 4.4]
    expected = stats.ttest_1samp(values, 0).confidence_interval()
    ours = clustered_mean(values)
    assert (ours.low, ours.high) == pytest.approx(tuple(expected))
    assert ours.se == pytest.approx(stats.sem(values))


def test_equal_clusters_give_the_t_interval_of_their_means():
    values = np.random.default_rng(5).normal(size=(9, 4))
    expected = stats.ttest_1samp(values.mean(axis=1), 0).confidence_interval()
    ours = clustered_mean(values.ravel(), np.repeat(np.arange(9), 4))
    assert (ours.low, ours.high) == pytest.approx(tuple(expected))


def test_difference_equals_the_paired_t_interval():
    before, after = np.random.default_rng(2).normal(size=(2, 15))
    expected = stats.ttest_rel(after, before).confidence_interval()
    ours = clustered_difference(before, after)
    assert (ours.low, ours.high) == pytest.approx(tuple(expected))
    assert ours.pairing == "by row"


def test_repeating_each_row_does_not_narrow_the_interval():
    values = np.random.default_rng(1).normal(size=20)
    once = clustered_mean(values)
    thrice = clustered_mean(np.repeat(values, 3), np.repeat(np.arange(20), 3))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))
    assert (thrice.n, thrice.n_clusters) == (60, 20)


@pytest.mark.parametrize(
    ("values", "clusters", "note"),
    [
        ([3.0], None, ONE_CLUSTER),
        ([1.0, 2.0, 3.0], ["a", "a", "a"], ONE_CLUSTER),
        ([0.0] * 5, None, NO_VARIANCE),
        ([1.0] * 5, None, NO_VARIANCE),
        ([0.1] * 7, list("aabbccd"), NO_VARIANCE),
        ([0.0, 1.0, 0.0, 1.0], list("aabb"), NO_VARIANCE),
    ],
)
def test_undefined_intervals_are_none_and_say_why(values, clusters, note):
    ours = clustered_mean(values, clusters)
    assert (ours.se, ours.low, ours.high) == (None, None, None)
    assert ours.note == note
    assert ours.effect == pytest.approx(np.mean(values))


def test_no_rows_is_an_error():
    with pytest.raises(InputError):
        clustered_mean([])


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.integers(0, 5)), min_size=2, max_size=40), st.randoms())
def test_order_of_rows_plays_no_part(rows, random):
    shuffled = rows[:]
    random.shuffle(shuffled)
    one = clustered_mean([v for v, _ in rows], [c for _, c in rows])
    two = clustered_mean([v for v, _ in shuffled], [c for _, c in shuffled])
    assert one.effect == pytest.approx(two.effect, abs=1e-9)
    assert (one.se is None) == (two.se is None)
    if one.se is not None:
        assert one.low <= one.effect <= one.high
        assert one.se == pytest.approx(two.se, rel=1e-6)


def test_a_wider_confidence_gives_a_wider_interval():
    values = [1.0, 2.0, 4.0, 8.0]
    assert clustered_mean(values, confidence=0.99).low < clustered_mean(values).low
