"""Refill: what takes the place of rejected rows, each row once, and an end where there is no hope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.synthesis.bands import ALL, Band
from sdp.synthesis.plan import Cell, SplitPlan
from sdp.synthesis.refill import TRIES_PER_ROW, Refill
from sdp.templates.phrasing import load_phrasings

(PHRASING,) = load_phrasings("nowhere", "en", inline=("Spell {{ word }}.",))
WHY = {"picky: no": 1}


def split_of_cells(*cells):
    """Each cell as (quota, capacity) or (quota, capacity, stratum)."""
    made = [
        Cell(
            stratum=stratum[0] if stratum else 0,
            band=Band(ALL, 0, 1),
            phrasing=PHRASING,
            first_item=0,
            n_items=capacity,
            n_surfaces=1,
            n_variants=1,
            quota=quota,
        )
        for quota, capacity, *stratum in cells
    ]
    return SplitPlan("train", None, None, tuple(made))


def numbers(ranges):
    return [(cell, number) for cell, first, last in ranges for number in range(first, last)]


def test_the_next_of_the_same_cell_then_of_any():
    refill = Refill(split_of_cells((2, 4), (2, 3), (1, 9)))
    assert refill.take({0: 1}, WHY) == ((0, 2, 3),)
    assert numbers(refill.take({0: 3}, WHY)) == [(0, 3), (1, 2), (2, 1)]


def test_the_same_stratum_comes_before_others():
    refill = Refill(split_of_cells((1, 9, 0), (1, 1, 1), (1, 2, 1)))
    assert numbers(refill.take({1: 2}, WHY)) == [(2, 1), (0, 1)]


def test_a_cell_is_given_up_for_others():
    """All words of a cell may be rejected, in each of their millions of surfaces."""
    refill = Refill(split_of_cells((1, 10**9), (3, 10**9)))
    handed_out = [numbers(refill.take({0: 1}, WHY))[0][0] for _ in range(12)]
    assert handed_out == [0] * 9 + [1] * 3


CELL = st.integers(1, 10).flatmap(lambda quota: st.tuples(st.just(quota), st.integers(quota, 15)))
CELLS = st.lists(CELL, min_size=1, max_size=4)


@given(CELLS, st.data())
def test_no_row_twice_none_that_was_planned_and_exactly_as_many_as_missing(cells, data):
    refill = Refill(split_of_cells(*cells))
    seen = {(cell, number) for cell, (quota, _) in enumerate(cells) for number in range(quota)}
    for _ in range(6):
        missing = data.draw(st.dictionaries(st.integers(0, len(cells) - 1), st.integers(1, 3), min_size=1))
        left = sum(min(capacity, TRIES_PER_ROW * quota) for quota, capacity in cells) - len(seen)
        if sum(missing.values()) > left:
            with pytest.raises(InputError):
                refill.take(missing, WHY)
            return
        taken = numbers(refill.take(missing, WHY))
        assert len(taken) == sum(missing.values())
        assert not seen & set(taken)
        assert all(number < cells[cell][1] for cell, number in taken)
        seen |= set(taken)


def test_a_used_up_capacity_says_what_was_rejected_and_why():
    refill = Refill(split_of_cells((3, 4)))
    with pytest.raises(InputError) as caught:
        refill.take({0: 3}, {"picky: no": 2, "oracle: x": 1})
    assert caught.value.what == (
        '2 train rows are missing: validators rejected 3 of the 4 tried (there are 4), 2 of them for "picky: no"'
    )


def test_ten_tries_per_row_are_enough():
    """With a capacity of millions, a validator that rejects everything would otherwise keep us busy for days."""
    refill = Refill(split_of_cells((500, 10**9)))
    for tries in range(1, TRIES_PER_ROW):
        refill.take({0: 500}, {"picky: no": 500 * tries})
    with pytest.raises(InputError, match="rejected 5,000 of the 5,000 tried"):
        refill.take({0: 500}, {"picky: no": 500 * TRIES_PER_ROW})
