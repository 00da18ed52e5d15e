import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from sdp.errors import InputError
from sdp.stats import mcnemar, mcnemar_counts


def test_published_example():
    # Agresti, Categorical Data Analysis, prime minister ratings: 86 and 150 discordant of 1600.
    expected = statsmodels_mcnemar([[794, 150], [86, 570]], exact=True).pvalue
    assert mcnemar_counts(150, 86, n=1600).p == pytest.approx(expected)
    assert expected < 0.001


@given(st.integers(0, 60), st.integers(0, 60))
def test_equals_statsmodels_for_any_counts(n_fixed, n_broken):
    ours = mcnemar_counts(n_fixed, n_broken, n=200)
    if n_fixed + n_broken:
        assert ours.p == pytest.approx(statsmodels_mcnemar([[5, n_fixed], [n_broken, 5]], exact=True).pvalue)
    assert ours.p == mcnemar_counts(n_broken, n_fixed, n=200).p


@pytest.mark.parametrize(("n_changed", "p"), [(1, 1.0), (5, 0.0625), (6, 0.03125)])
def test_all_one_way_gives_twice_a_power_of_one_half(n_changed, p):
    assert mcnemar_counts(n_changed, 0).p == pytest.approx(p)


def test_no_discordant_pairs_is_p_1_and_said():
    ours = mcnemar([0, 1, 1], [0, 1, 1])
    assert (ours.p, ours.n, ours.n_changed) == (1.0, 3, 0)
    assert "no discordant pairs" in ours.note
    assert mcnemar_counts(0, 0).p == 1.0


def test_counts_rows_both_ways():
    ours = mcnemar(np.array([0, 0, 1, 1, 0]), [True, True, False, True, False])
    assert (ours.n_changed, ours.effect, ours.n) == (3, 1.0, 5)


@pytest.mark.parametrize("counts", [(-1, 0, 5), (3, 3, 5)])
def test_impossible_counts_are_an_error(counts):
    with pytest.raises(InputError):
        mcnemar_counts(*counts[:2], n=counts[2])


def test_bad_input_is_an_error():
    for before, after in (([], []), ([0, 1], [1]), ([0, 2], [0, 1]), ([0, np.nan], [0, 1])):
        with pytest.raises(InputError):
            mcnemar(before, after)
