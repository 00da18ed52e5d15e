"""Remembered ids: a set, in 8 bytes each."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdp.data.seen import SeenIds

BLOCK = st.lists(st.integers(0, 60) | st.integers(2**64 - 40, 2**64 - 1), max_size=20, unique=True)


@given(st.lists(BLOCK, max_size=12))
def test_it_knows_what_a_set_knows(blocks):
    seen, known = SeenIds(), set()
    for block in blocks:
        ids = np.array(block, dtype=np.uint64)
        fresh = seen.new(ids)
        assert fresh.tolist() == [one not in known for one in block]
        seen.add(ids[fresh])
        known |= set(block)
        assert len(seen) == len(known)


def test_runs_stay_few_however_small_the_blocks():
    """Every lookup goes through all of them."""
    seen = SeenIds()
    for number in range(1_000):
        seen.add(np.array([number * 7919 % 1_000], dtype=np.uint64))
    assert len(seen) == 1_000
    assert len(seen._sorted) <= 11


def test_nothing_is_known_at_first():
    assert SeenIds().new(np.array([0, 2**64 - 1], dtype=np.uint64)).tolist() == [True, True]
    assert SeenIds().new(np.array([], dtype=np.uint64)).tolist() == []
    assert len(SeenIds()) == 0
