"""The keyed permutation: a bijection for any size and key, and different ones for neighbouring keys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.synthesis.permutation import LARGEST, mix, permute

KEYS = st.integers(0, 2**64 - 1)


def all_of(n: int) -> np.ndarray:
    return np.arange(n, dtype=np.uint64)


def test_golden_values():
    assert permute(all_of(10), 10, 1).tolist() == [3, 9, 4, 0, 7, 8, 1, 2, 5, 6]
    assert permute(all_of(10), 10, 2).tolist() == [9, 3, 2, 4, 5, 7, 1, 0, 6, 8]
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


def test_images_are_spread_evenly():
    images = permute(all_of(10_000), 1_000_000, 7).astype(np.int64)
    counts = np.bincount(images // 100_000, minlength=10)
    assert float(((counts - 1_000) ** 2 / 1_000).sum()) < 35  # chi-squared, 9 degrees: p = 0.00006


@pytest.mark.parametrize("n", [0, -1, LARGEST])
def test_impossible_domains_are_refused(n):
    with pytest.raises(InputError, match="cannot permute"):
        permute(all_of(1), n, 0)
