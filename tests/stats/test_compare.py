import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.stats import (
    clustered_difference,
    compare_paired,
    compare_scores,
    key_permutation,
    mcnemar,
    mde_floor,
    mde_from_se,
    sign_flip,
)


def test_one_row_per_key_takes_mcnemar():
    rng = np.random.default_rng(0)
    before, after = rng.random((2, 200)) < [[0.5], [0.7]]
    ours = compare_paired(before, after, [f"w{i}" for i in range(200)])
    assert ours.test == "exact McNemar"
    assert ours.p == mcnemar(before, after).p
    assert ours.effect == pytest.approx(after.mean() - before.mean())
    assert ours.n_fixed - ours.n_broken == round(ours.effect * 200)
    assert ours.low < ours.effect < ours.high
    assert ours.mde == pytest.approx(mde_from_se(clustered_difference(before, after).se, 200))
    assert compare_paired(before, after) == ours


def test_several_rows_per_key_take_the_sign_flip_test():
    rng = np.random.default_rng(1)
    before, after = rng.random((2, 50, 3)) < [[[0.5]], [[0.7]]]
    keys = np.repeat(np.arange(50), 3)
    ours = compare_paired(before.ravel(), after.ravel(), keys)
    assert "sign-flip" in ours.test
    assert ours.p == sign_flip(after.sum(axis=1).astype(int) - before.sum(axis=1)).p
    assert (ours.n, ours.n_clusters, ours.exact) == (150, 50, True)


def test_nothing_changed():
    ours = compare_paired([0, 1] * 50, [0, 1] * 50)
    assert (ours.effect, ours.p, ours.low, ours.high, ours.n_fixed, ours.n_broken) == (0, 1, None, None, 0, 0)
    assert ours.mde == mde_floor(100, 100)
    assert any("no discordant pairs" in note for note in ours.notes)
    assert any("lower bound" in note for note in ours.notes)


def test_few_changes_do_not_make_the_mde_optimistic():
    ours = compare_paired([0] * 100, [1] + [0] * 99)
    assert ours.mde == mde_floor(100, 100) > mde_from_se(0.01, 100)


def test_all_changed_alike():
    ours = compare_paired([0] * 20, [1] * 20)
    assert (ours.effect, ours.low) == (1.0, None)
    assert ours.p < 1e-5


@pytest.mark.parametrize("compare", [compare_paired, compare_scores])
@pytest.mark.parametrize(("n", "keys"), [(1, None), (4, ["a"] * 4), (5, None)])
def test_fewer_than_six_keys_have_no_mde(compare, n, keys):
    ours = compare([0] * n, [1] * n, keys)
    assert ours.mde is None
    assert any("MDE not defined" in note for note in ours.notes)


def test_scores_take_permutation_and_the_t_interval():
    before, after = np.random.default_rng(2).normal(size=(2, 120))
    keys = np.arange(120) % 40
    ours = compare_scores(before, after, keys)
    expected = clustered_difference(before, after, keys)
    assert ours.p == key_permutation(before, after, keys).p
    assert (ours.low, ours.high, ours.estimator) == (expected.low, expected.high, expected.estimator)
    assert ours.mde == pytest.approx(mde_from_se(expected.se, 40))
    assert (ours.n_fixed, ours.n_broken) == (None, None)


def test_scores_that_did_not_change():
    ours = compare_scores([0.25] * 40, [0.25] * 40)
    assert (ours.p, ours.effect, ours.low, ours.mde) == (1.0, 0.0, None, None)


def test_bad_input_is_an_error():
    for compare in (compare_paired, compare_scores):
        for before, after, keys in (([], [], None), ([0], [0, 1], None), ([0, np.nan], [0, 1], None), ([0], [1], [])):
            with pytest.raises(InputError):
                compare(before, after, keys)
    with pytest.raises(InputError, match="compare_scores"):
        compare_paired([0.5], [1])


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 9)), min_size=1, max_size=40))
def test_exchanging_the_arms_changes_signs_only(rows):
    before, after, keys = map(list, zip(*rows, strict=True))
    one, two = compare_paired(before, after, keys), compare_paired(after, before, keys)
    assert one.effect == -two.effect
    assert one.p == two.p
    assert (one.n_fixed, one.n_broken) == (two.n_broken, two.n_fixed)
    assert one.mde == two.mde
    assert 0 < one.p <= 1
    json.dumps(asdict(one), allow_nan=False)
