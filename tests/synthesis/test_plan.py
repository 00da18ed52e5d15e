"""Plans: exact numbers, even shares, and a capacity that is known before anything is made."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.synthesis.made import source

from sdp.data.lexicon import Lexicon
from sdp.data.words import words_table
from sdp.errors import InputError, TemplateError
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.synthesis.bands import DIFFICULTY, LENGTHS
from sdp.synthesis.plan import make_plan, water_fill
from sdp.synthesis.settings import DataSettings
from sdp.templates.noise import variants
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


def small(n, inline, generator=None, words=("straw", "garden", "teacher"), ratios=(1, 0, 0), **more):
    generator = generator or Spelling()
    settings = DataSettings(task="spelling", n=n, ratios=ratios, **more)
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


def test_variants_of_the_looks_count_and_the_default_has_none():
    one = ("Spell {{ word }} with {{ separator }}",)
    for noise in ((), ("case",), ("case", "punctuation"), ("quotes",)):
        n_looks = sum(len(variants(phrasing, noise)) for phrasing in load_phrasings("nowhere", "en", inline=one))
        assert small(1, one, noise=noise).splits["train"].capacity == 3 * 5 * n_looks


def test_a_split_without_words_is_refused_with_the_way_out():
    """A file with one word has all its words in one split."""
    with pytest.raises(InputError, match="there is no test word: the 3 usable words") as caught:
        small(10, PHRASINGS, ratios=(0, 0, 1))
    assert "--ratios 1,0,0" in caught.value.hint


def test_no_rows_asked_of_a_split_need_no_words_of_it():
    assert list(small(10, PHRASINGS).splits) == ["train"]


def rows_by(plan, name):
    """Rows per split and value of a cell's field."""
    found = {}
    for split in plan.splits.values():
        for cell in split.cells:
            where = found.setdefault(split.split, {})
            where[getattr(cell, name)] = where.get(getattr(cell, name), 0) + cell.quota
    return found


def test_strata_that_were_chosen_and_no_others():
    plan = source("position", 900, strata=("number_end", "ordinal_start"), ratios=(0.6, 0.2, 0.2)).plan
    for quotas in rows_by(plan, "stratum").values():
        assert set(quotas) == {0, 3}
        assert max(quotas.values()) - min(quotas.values()) <= 1
    with pytest.raises(InputError, match="position has no stratum 'number_ends'") as caught:
        _ = source("position", 9, strata=("number_ends",)).plan
    assert "did you mean 'number_end'?" in caught.value.hint


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_bands_of_length_get_equal_shares_and_strata_within_them(task):
    plan = source(task, 6_000, balance="length", words="wordfreq:en:5000", ratios=(1, 0, 0)).plan
    split = plan.splits["train"]
    quotas, capacities = {}, {}
    for cell in split.cells:
        key = cell.band.name
        quotas[key] = quotas.get(key, 0) + cell.quota
        capacities[key] = capacities.get(key, 0) + cell.capacity
        here = split.words["graphemes"].slice(cell.band.first, cell.band.last - cell.band.first).to_pylist()
        low, high = LENGTHS[cell.band.name]
        assert all(low <= len(letters) <= high for letters in here)
    assert len(quotas) >= 5
    roomy = [quota for band, quota in quotas.items() if quota < capacities[band]]
    assert max(quotas.values()) - min(roomy) <= 1


def test_without_balance_every_kind_has_the_share_that_it_has_by_nature():
    plan = source("count", 8_000, balance="none", ratios=(1, 0, 0)).plan
    quotas, capacities = {}, {}
    for cell in plan.splits["train"].cells:
        quotas[cell.stratum] = quotas.get(cell.stratum, 0) + cell.quota
        capacities[cell.stratum] = capacities.get(cell.stratum, 0) + cell.capacity
    total = sum(capacities.values())
    assert all(abs(quotas[s] - 8_000 * capacities[s] / total) <= 1 for s in quotas)
    assert quotas[0] > 3 * quotas[1]  # most letters of the alphabet are not in a word


def test_difficulty_is_the_length_of_the_words():
    for level, (low, high) in DIFFICULTY.items():
        for split in source("spelling", 300, difficulty=level, words="wordfreq:en:3000").plan.splits.values():
            lengths = [len(letters) for letters in split.words["graphemes"].to_pylist()]
            assert lengths
            assert all(low <= length <= high for length in lengths)


def test_cells_of_bands_number_their_questions_one_behind_the_other():
    plan = source("position", 2_000, balance="length", words="wordfreq:en:2000", ratios=(1, 0, 0)).plan
    split = plan.splits["train"]
    for stratum in range(4):
        spans = sorted({(cell.first_item, cell.n_items) for cell in split.cells if cell.stratum == stratum})
        assert spans[0][0] == 0
        assert all(a + n == b for (a, n), (b, _) in pairwise(spans))
        assert spans[-1][0] + spans[-1][1] == split.n_items[:, stratum].sum()


def test_a_stratum_that_nobody_asks_is_refused():
    with pytest.raises(TemplateError, match="no train phrasing asks 'ordinal_end' questions of position") as caught:
        small(5, ("{{ word }} {{ ordinal }}",), Position())
    assert "ordinal_from_end, word" in caught.value.hint
