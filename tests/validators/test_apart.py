"""Distances: scipy's numbers where scipy has them, and what must hold where it has not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sdp.validators.apart import Sample, cramers_v, effective_words, from_equal, ks_distance


def sample(*counts, keys=1e9):
    counts = np.array(counts, dtype=float)
    return Sample(counts, min(keys, counts.sum()))


def test_p_is_pearsons_when_every_row_is_its_own_word():
    one, other = sample(120, 300, 80), sample(30, 45, 40)
    found = cramers_v(one, other)
    expected = stats.chi2_contingency(np.stack([one.counts, other.counts]), correction=False)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.n_categories == 3


def test_v_of_large_samples_of_equal_size_is_cramers():
    one, other = sample(120_000, 300_000, 80_000), sample(130_000, 200_000, 170_000)
    expected = stats.contingency.association(np.stack([one.counts, other.counts]).astype(int), method="cramer")
    assert cramers_v(one, other).size == pytest.approx(expected, abs=1e-4)


def test_v_does_not_depend_on_how_rows_are_shared_out():
    one = sample(200_000, 300_000, 500_000)
    sizes = [cramers_v(one, sample(*(np.array([0.4, 0.3, 0.3]) * n))).size for n in (50_000, 500_000, 5_000_000)]
    assert np.ptp(sizes) < 2e-3


def test_chance_alone_gives_a_v_near_nothing():
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(26))
    sizes = [
        cramers_v(sample(*rng.multinomial(4_000, shares)), sample(*rng.multinomial(500, shares))) for _ in range(200)
    ]
    assert np.mean([distance.size for distance in sizes]) < 0.03
    assert not any(distance.beyond(0.1) for distance in sizes)


def test_a_difference_is_weighed_by_words_not_by_rows():
    many, few = sample(5_000, 5_000, keys=5_000), sample(700, 300, keys=1_000)
    assert cramers_v(many, few).beyond(0.1)
    assert not cramers_v(many, sample(700, 300, keys=12)).beyond(0.1)


def test_rare_answers_are_put_together_and_all_rare_ones_cannot_be_compared():
    assert cramers_v(sample(*[1.0] * 500), sample(*[1.0] * 500)) is None
    assert cramers_v(sample(1_000), sample(100)) is None
    with_rest = cramers_v(sample(500, 480, *[1] * 200), sample(50, 48, *[0] * 20, *[1] * 18, *[0] * 162))
    assert with_rest.n_categories == 3


def test_a_rest_too_small_for_chi_square_takes_the_rarest_common_answer_in():
    """Words of a tiny list that hold a letter four times are all in one split: no evidence of anything."""
    train, test = sample(80, 80, 80, 80, 0, keys=188), sample(10, 10, 10, 4, 6, keys=25)
    found = cramers_v(train, test)
    assert (found.size, found.n_categories) == (0, 4)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12))
def test_distances_are_between_nothing_and_one_and_the_same_both_ways(pairs):
    one, other = (sample(*(pair[side] for pair in pairs)) for side in (0, 1))
    if not one.n_rows or not other.n_rows:
        return
    for measure in (cramers_v, ks_distance):
        there, back = measure(one, other), measure(other, one)
        if there is not None:
            assert 0 <= there.size <= 1 + 1e-9
            assert there.size == pytest.approx(back.size)
            assert measure(one, one).size == pytest.approx(0, abs=1e-12)


def test_the_length_distance_is_scipys():
    rng = np.random.default_rng(1)
    one, other = rng.integers(3, 12, 300), rng.integers(5, 14, 200)
    found = ks_distance(*(sample(*np.bincount(values, minlength=14)) for values in (one, other)))
    expected = stats.ks_2samp(one, other, method="asymp")
    assert found.size == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue, rel=0.5)  # scipy adds a small-sample term


@given(st.lists(st.integers(1, 300), min_size=2, max_size=12))
def test_distance_from_equal_shares_is_scipys_chi_square(counts):
    statistic, effect = from_equal(np.array(counts, dtype=float))
    assert statistic == pytest.approx(stats.chisquare(counts).statistic, abs=1e-9)
    assert 0 <= effect <= 1


def test_one_answer_everywhere_is_as_far_from_equal_as_can_be():
    assert from_equal(np.array([300.0, 0.0, 0.0]))[1] == pytest.approx(1)
    assert from_equal(np.array([5.0])) == (0.0, 0.0)


def test_words_are_worth_as_much_as_they_are_alike_in_rows():
    assert effective_words(np.full(40, 25.0)) == pytest.approx(40)
    assert effective_words(np.array([1_000.0, 1.0, 1.0])) == pytest.approx(1, abs=0.01)
    assert effective_words(np.array([])) == 0
