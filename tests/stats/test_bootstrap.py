import numpy as np
import pytest

from sdp.errors import InputError
from sdp.stats import cluster_bootstrap, clustered_mean


def test_symmetric_scores_give_the_t_interval():
    values = np.random.default_rng(0).normal(size=600)
    keys = np.arange(600) % 200
    ours, t = cluster_bootstrap(values, keys), clustered_mean(values, keys)
    width = t.high - t.low
    assert (ours.low, ours.high) == pytest.approx((t.low, t.high), abs=0.05 * width)
    assert (ours.effect, ours.se) == (t.effect, t.se)
    assert "BCa" in ours.estimator


def test_skewed_scores_reach_further_to_the_long_side():
    values = np.random.default_rng(3).lognormal(sigma=1.2, size=80)
    ours = cluster_bootstrap(values)
    assert ours.high - ours.effect > 1.2 * (ours.effect - ours.low)


def test_keys_are_drawn_whole():
    values = np.random.default_rng(1).normal(size=50)
    once = cluster_bootstrap(values)
    thrice = cluster_bootstrap(np.repeat(values, 3), np.repeat(np.arange(50), 3))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))


def test_order_of_rows_plays_no_part_and_the_seed_does():
    rng = np.random.default_rng(1)
    values, keys = rng.normal(size=60), np.arange(60) % 20
    order = rng.permutation(60)
    one, two = cluster_bootstrap(values, keys), cluster_bootstrap(values[order], keys[order])
    assert (one.low, one.high) == pytest.approx((two.low, two.high))
    assert cluster_bootstrap(values, keys, seed=1).low != one.low


def test_above_the_limit_the_percentile_interval_takes_over():
    values = np.random.default_rng(0).normal(size=5_001)
    ours, t = cluster_bootstrap(values, n_resamples=999), clustered_mean(values)
    assert "percentile" in ours.estimator
    assert (ours.low, ours.high) == pytest.approx((t.low, t.high), abs=0.1 * (t.high - t.low))


def test_where_bca_is_undefined_the_percentile_interval_takes_over():
    # With one key in a hundred that differs by almost nothing in weight, every draw can lie on one side.
    values = np.r_[np.zeros(3), 1.0]
    ours = cluster_bootstrap(values, n_resamples=99)
    assert ours.low is not None
    assert ours.low <= ours.effect <= ours.high


@pytest.mark.parametrize(("values", "keys"), [([1.0], None), ([1.0, 2.0], ["a", "a"]), ([0.5] * 9, None)])
def test_undefined_is_none_and_says_why(values, keys):
    ours = cluster_bootstrap(values, keys)
    assert (ours.low, ours.high) == (None, None)
    assert "not defined" in ours.note


def test_bad_input_is_an_error():
    with pytest.raises(InputError):
        cluster_bootstrap([])
    with pytest.raises(InputError, match="row 0"):
        cluster_bootstrap([np.nan, 1.0])
