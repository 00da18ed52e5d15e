from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.stats import mcnemar_counts, sign_flip


def brute_force(totals):
    observed = abs(sum(totals))
    choices = product((-1, 1), repeat=len(totals))
    sums = [abs(sum(s * t for s, t in zip(signs, totals, strict=True))) for signs in choices]
    return sum(s >= observed - 1e-9 for s in sums) / len(sums)


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=9))
def test_integers_equal_brute_force(totals):
    ours = sign_flip(totals)
    assert ours.exact
    assert ours.p == pytest.approx(brute_force(totals))


@given(st.lists(st.floats(-4, 4).map(lambda x: round(x, 3)), min_size=1, max_size=9))
def test_floats_equal_brute_force(totals):
    ours = sign_flip(totals)
    assert ours.exact
    assert ours.p == pytest.approx(brute_force(totals))


@given(st.integers(0, 400), st.integers(0, 400))
def test_one_row_per_key_is_mcnemar(n_fixed, n_broken):
    totals = [1] * n_fixed + [-1] * n_broken + [0] * 5
    assert sign_flip(totals).p == pytest.approx(mcnemar_counts(n_fixed, n_broken).p)


def test_draws_agree_with_the_exact_p():
    totals = np.random.default_rng(4).integers(-3, 5, size=300)
    exact = sign_flip(totals)
    drawn = sign_flip(totals + np.where(totals != 0, 1e-9, 0), n_resamples=50_000, seed=3)
    assert (exact.exact, drawn.exact, drawn.n_resamples) == (True, False, 50_000)
    assert drawn.p == pytest.approx(exact.p, abs=4 * np.sqrt(exact.p * (1 - exact.p) / 50_000) + 2e-5)


def test_p_of_draws_is_never_zero():
    assert sign_flip(np.full(100, 0.3), n_resamples=99).p == pytest.approx(1 / 100)


def test_large_integers_are_drawn_in_bounded_memory():
    ours = sign_flip(np.r_[np.full(30_000, 1), np.full(30_000, -1)], n_resamples=199)
    assert (ours.exact, ours.p) == (False, 1.0)


def test_a_seed_decides_the_draws():
    totals = np.random.default_rng(0).normal(size=40)
    assert sign_flip(totals, seed=1) == sign_flip(totals, seed=1)
    assert sign_flip(totals, seed=1).p != sign_flip(totals, seed=2).p


def test_neither_order_nor_direction_plays_a_part():
    rng = np.random.default_rng(0)
    totals = rng.normal(size=40)
    assert sign_flip(totals).p == sign_flip(-rng.permutation(totals)).p


@pytest.mark.parametrize("totals", [[0], [0, 0, 0], [0.0] * 30])
def test_nothing_changed_is_p_1_and_said(totals):
    ours = sign_flip(totals)
    assert (ours.p, ours.n_changed) == (1.0, 0)
    assert "no key changed" in ours.note


@pytest.mark.parametrize("totals", [[3], [0.7], [0, 2, 0]])
def test_one_changed_key_is_p_1(totals):
    assert sign_flip(totals).p == 1.0


def test_changes_that_cancel_are_p_1():
    assert sign_flip([0.1, 0.2, -0.3]).p == 1.0


def test_no_keys_and_nan_are_errors():
    with pytest.raises(InputError):
        sign_flip([])
    with pytest.raises(InputError, match="row 1"):
        sign_flip([1, float("nan")])
