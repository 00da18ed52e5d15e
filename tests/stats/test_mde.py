import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestPower

from sdp.stats import mcnemar_counts, mde_floor, mde_from_se


@pytest.mark.parametrize("n", [3, 5, 8, 20, 200, 5_000])
def test_equals_statsmodels_power(n):
    expected = TTestPower().solve_power(nobs=n, alpha=0.05, power=0.8) / (1 / np.sqrt(n))
    assert mde_from_se(1.0, n) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("n", "sd"), [(5, 1.68), (8, 1.16)])
def test_known_figures_of_paired_runs(n, sd):
    assert mde_from_se(1 / np.sqrt(n), n) == pytest.approx(sd, abs=0.006)


def test_two_clusters_and_very_many():
    assert mde_from_se(1.0, 10**7) == pytest.approx(stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
    assert mde_from_se(1.0, 10**5) == pytest.approx(mde_from_se(1.0, 10**6), rel=1e-4)
    assert mde_from_se(1.0, 2) > mde_from_se(1.0, 3)


def test_it_scales_and_grows_with_power():
    assert mde_from_se(0.02, 50) == pytest.approx(0.02 * mde_from_se(1.0, 50))
    assert mde_from_se(1.0, 50, power=0.9) > mde_from_se(1.0, 50)
    assert mde_from_se(1.0, 50, alpha=0.01) > mde_from_se(1.0, 50)


@pytest.mark.parametrize(("se", "n"), [(None, 50), (0.0, 50), (1.0, 1)])
def test_undefined_is_none(se, n):
    assert mde_from_se(se, n) is None


@pytest.mark.parametrize("n", [6, 30, 200, 3000])
def test_the_floor_has_just_the_wanted_power(n):
    share = mde_floor(n, n)
    changed = np.arange(n + 1)
    significant = np.array([k > 20 or mcnemar_counts(k, 0).p <= 0.05 for k in changed.tolist()])
    assert stats.binom.pmf(changed, n, share)[significant].sum() == pytest.approx(0.8)


def test_the_floor_in_rows_shrinks_with_rows_per_key():
    assert mde_floor(600, 200) == pytest.approx(mde_floor(200, 200) / 3)


def test_too_few_keys_have_no_floor():
    assert mde_floor(5, 5) is None
    assert mde_floor(6, 6, alpha=0.01) is None
