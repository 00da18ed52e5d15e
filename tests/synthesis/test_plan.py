"""Plans: exact numbers, even shares, and a capacity that is known before anything is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.synthesis.made import source

from sdp.data.lexicon import Lexicon
from sdp.data.words import words_table
from sdp.errors import InputError, TemplateError
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.synthesis.plan import make_plan, water_fill
from sdp.synthesis.settings import DataSettings
from sdp.templates.phrasing import load_phrasings

CAPACITIES = st.lists(st.integers(0, 50), min_size=1, max_size=8)


@given(CAPACITIES, st.data())
def test_water_fill_is_the_evenest_way_to_share(capacities, data):
    n = data.draw(st.integers(0, sum(capacities)))
    shares = water_fill(n, capacities)
    assert sum(shares) == n
    assert all(0 <= share <= bound for share, bound in zip(shares, capacities, strict=True))
    below = [share for share, bound in zip(shares, capacities, strict=True) if share < bound]
    assert not below or max(shares) - min(below) <= 1  # nobody with room has two less than anybody else


def test_all_of_it():
    assert water_fill(6, [1, 2, 3]) == [1, 2, 3]
    assert water_fill(0, [1, 2]) == [0, 0]
    assert water_fill(5, [9, 9, 9]) == [2, 2, 1]
    assert water_fill(7, [1, 9, 9]) == [1, 3, 3]


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
@pytest.mark.parametrize("ratios", [(0.8, 0.1, 0.1), (1, 0, 0), (0, 0, 3), (0.5, 0.3, 0.2)])
@pytest.mark.parametrize("n", [1, 7, 1_001])
def test_exactly_n_rows_are_planned(task, n, ratios):
    plan = source(task, n, ratios=ratios).plan
    assert sum(split.n_rows for split in plan.splits.values()) == n
    assert all(cell.quota <= cell.capacity for split in plan.splits.values() for cell in split.cells)


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_strata_get_equal_shares(task):
    plan = source(task, 10_003).plan
    for split in plan.splits.values():
        quotas: dict[int, int] = {}
        for cell in split.cells:
            quotas[cell.stratum] = quotas.get(cell.stratum, 0) + cell.quota
        assert max(quotas.values()) - min(quotas.values()) <= 1


def test_no_held_out_phrasing_is_planned_in_train_and_all_are_elsewhere():
    plan = source("spelling", 10_000).plan
    held_out = {split: {cell.phrasing.held_out for cell in plan.splits[split].cells} for split in plan.splits}
    assert held_out == {"train": {False}, "validation": {True, False}, "test": {True, False}}
    words = {split: set(plan.splits[split].words["split"].to_pylist()) for split in plan.splits}
    assert words == {split: {split} for split in plan.splits}


def small(n, inline, generator=None, words=("straw", "garden", "teacher"), ratios=(1, 0, 0)):
    generator = generator or Spelling()
    settings = DataSettings(task="spelling", n=n, ratios=ratios)
    table = words_table(Lexicon("given", "en", tuple(words), "", "", ""))
    return make_plan(generator, settings, table, load_phrasings("nowhere", "en", inline=inline))


PHRASINGS = ("Spell {{ word }} with {{ separator }}.", "{{ separator }} in {{ word }}!")


def test_the_capacity_by_hand():
    """Three words × five separators × two phrasings; with 200 names in one of them, 3 × 5 × (1 + 200)."""
    assert small(30, PHRASINGS).splits["train"].capacity == 30
    named = (PHRASINGS[0], "{{ name }}: spell {{ word }} with {{ separator }}.")
    assert small(30, named).splits["train"].capacity == 3 * 5 * 201


def test_more_than_the_capacity_is_refused_with_the_number_and_what_raises_it():
    with pytest.raises(InputError) as caught:
        small(31, PHRASINGS)
    assert caught.value.what == "31 train rows were asked for, the capacity is 30"
    assert caught.value.where == "spelling, 3 train words"
    for way in ("smaller --n", "--words", "phrasings"):
        assert way in caught.value.hint


def test_a_split_without_words_has_no_capacity():
    with pytest.raises(InputError, match="10 test rows were asked for, the capacity is 0"):
        small(10, PHRASINGS, ratios=(0, 0, 1))


def test_a_stratum_that_nobody_asks_is_refused():
    with pytest.raises(TemplateError, match="no train phrasing asks 'ordinal_end' questions of position") as caught:
        small(5, ("{{ word }} {{ ordinal }}",), Position())
    assert "ordinal_from_end, word" in caught.value.hint
