"""The keyed permutation: a bijection for any size and key, and different ones for neighbouring keys."""

from collections import Counter
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from sdp.errors import InputError
from sdp.synthesis.permutation import LARGEST, SMALL, mix, permute

KEYS = st.integers(0, 2**64 - 1)


def all_of(n: int) -> np.ndarray:
    return np.arange(n, dtype=np.uint64)


def test_golden_values():
    assert permute(all_of(10), 10, 1).tolist() == [8, 4, 3, 7, 0, 1, 5, 9, 6, 2]
    assert permute(all_of(4), 1_000, 2).tolist() == [733, 875, 888, 807]
    assert permute(all_of(3), 2**40 + 1, 3).tolist() == [397853670922, 782467410478, 585846966051]
    assert mix(np.array([0, 1, 2], dtype=np.uint64)).tolist() == [0, 6238072747940578789, 15839785061582574730]


@given(st.integers(1, 3_000), KEYS)
def test_every_number_is_hit_once(n, key):
    assert sorted(permute(all_of(n), n, key).tolist()) == list(range(n))


@given(st.integers(1, LARGEST - 1), KEYS, st.data())
def test_large_domains_stay_inside_and_apart(n, key, data):
    asked = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=40, unique=True))
    images = permute(np.array(asked, dtype=np.uint64), n, key)
    assert len(set(images.tolist())) == len(asked)
    assert int(images.max()) < n


@given(st.integers(2, 2_000), KEYS, st.data())
def test_an_image_does_not_depend_on_what_else_is_asked(n, key, data):
    index = data.draw(st.integers(0, n - 1))
    alone = permute(np.array([index], dtype=np.uint64), n, key)[0]
    assert alone == permute(all_of(n), n, key)[index]


def test_neighbouring_keys_and_shifted_indices_share_no_more_than_chance():
    n = 1_000_000
    one, other = (permute(all_of(5_000), n, key) for key in (42, 43))
    assert int((one == other).sum()) <= 2  # 0.005 are expected
    for shift in (1, 2, 3):
        assert int((one[shift:] == other[:-shift]).sum()) <= 2
    common = len(set(one.tolist()) & set(other.tolist()))
    assert abs(common - 25) < 25  # 5,000²/1,000,000 expected, five standard deviations


@pytest.mark.parametrize("n", [2, 3, 4])
def test_every_permutation_of_a_small_domain_is_equally_likely(n):
    """Networks of two or three bits make some of them never: rows of small cells would come in a few orders only."""
    tries = 300 * factorial(n)
    counts = Counter(tuple(permute(all_of(n), n, key).tolist()) for key in range(tries))
    assert len(counts) == factorial(n)
    chi_squared = sum((count - 300) ** 2 / 300 for count in counts.values())
    assert chi_squared < chi2.ppf(1 - 1e-4, factorial(n) - 1)


@pytest.mark.parametrize("n", [SMALL - 1, SMALL, SMALL + 1, 300, 512, 1_000])
def test_an_item_comes_at_any_place_and_two_items_at_any_two(n):
    """Around the size at which sorting gives way to the network, and where cycle walking has most to do."""
    images = np.stack([permute(all_of(n), n, key) for key in range(2_000)])
    for column in (0, 1, n // 2, n - 1):
        counts = np.bincount(images[:, column].astype(np.int64) * 10 // n, minlength=10)
        shares = np.bincount(np.arange(n) * 10 // n, minlength=10) / n * 2_000
        assert float(((counts - shares) ** 2 / shares).sum()) < chi2.ppf(1 - 1e-5, 9)
    rising = float((images[:, 0] < images[:, 1]).mean())
    assert abs(rising - 0.5) < 5 * 0.5 / 2_000**0.5


def test_keys_that_differ_in_one_bit_share_nothing():
    n = 1 << 20
    base = permute(all_of(2_000), n, 0)
    for bit in range(64):
        other = permute(all_of(2_000), n, 1 << bit)
        assert int((base == other).sum()) <= 2


def test_the_shape_is_kept_and_nothing_asked_is_nothing_answered():
    assert permute(all_of(6).reshape(2, 3), 1_000, 5).shape == (2, 3)
    assert permute(all_of(0), 1_000, 5).tolist() == []
    indices = all_of(500)
    permute(indices, 1_000, 5)
    assert indices.tolist() == list(range(500))


def test_images_are_spread_evenly():
    images = permute(all_of(10_000), 1_000_000, 7).astype(np.int64)
    counts = np.bincount(images // 100_000, minlength=10)
    assert float(((counts - 1_000) ** 2 / 1_000).sum()) < 35  # chi-squared, 9 degrees: p = 0.00006


@pytest.mark.parametrize("n", [0, -1, LARGEST])
def test_impossible_domains_are_refused(n):
    with pytest.raises(InputError, match="cannot permute"):
        permute(all_of(1), n, 0)
