import numpy as np
import pytest
from scipy import stats

from sdp.errors import InputError
from sdp.stats import key_permutation


def scipy_p(before, after, keys, n_resamples):
    differences = np.array([(after - before)[keys == key].sum() for key in np.unique(keys)])
    return stats.permutation_test(
        (differences,),
        lambda x, axis: np.abs(x.sum(axis=axis)),
        permutation_type="samples",
        alternative="greater",
        n_resamples=n_resamples,
        vectorized=True,
        rng=np.random.default_rng(8),
    ).pvalue


def test_few_keys_equal_scipy_exactly():
    rng = np.random.default_rng(1)
    before, after = rng.normal(size=30), rng.normal(0.3, size=30)
    keys = np.arange(30) % 10
    ours = key_permutation(before, after, keys)
    assert ours.exact
    assert ours.p == pytest.approx(scipy_p(before, after, keys, 100_000))


def test_many_keys_equal_scipy_up_to_the_draws():
    rng = np.random.default_rng(2)
    before, after = rng.normal(size=120), rng.normal(0.25, size=120)
    keys = np.arange(120) % 60
    ours = key_permutation(before, after, keys, n_resamples=20_000)
    assert not ours.exact
    assert ours.p == pytest.approx(scipy_p(before, after, keys, 20_000), abs=0.01)


def test_shared_keys_count_less_than_independent_rows():
    before, after = np.zeros(24), np.full(24, 0.5)
    assert key_permutation(before, after).p < key_permutation(before, after, np.repeat(range(6), 4)).p


def test_edges():
    assert key_permutation([0.5], [0.7]).p == 1.0
    assert key_permutation([0.5, 0.1], [0.7, 0.9], ["a", "a"]).p == 1.0
    assert key_permutation([0.5] * 20, [0.5] * 20).p == 1.0
    for before, after in (([], []), ([0.1], [0.1, 0.2]), ([0.1], [np.nan])):
        with pytest.raises(InputError):
            key_permutation(before, after)
