"""Splits: golden, in the right shares, and whole numbers that add up."""

from fractions import Fraction
from hashlib import blake2b
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.contract.rows import SPLITS
from sdp.data.lexicon import Lexicon
from sdp.data.splits import SHARES, apportion, split_codes, split_of
from sdp.data.words import words_of_split, words_table

GOLDEN = {
    "plan": "train",
    "run": "test",
    "letter": "train",
    "straw": "train",
    "berri": "train",
    "window": "validation",
    "question": "train",
    "zebra": "test",
    "teacher": "train",
    "\u6f22\u5b57": "test",
    "\u043a\u043e\u0442": "train",
    "\u0645\u0631\u062d\u0628\u0627": "test",
}


@pytest.mark.parametrize(("family", "split"), GOLDEN.items())
def test_a_family_never_moves(family, split):
    assert split_of(family) == split


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_the_rule_in_exact_arithmetic(family):
    place = Fraction(int.from_bytes(blake2b(family.encode(), digest_size=8).digest(), "big"), 2**64)
    edges = [Fraction(8, 10), Fraction(9, 10)]
    if all(abs(place - edge) > Fraction(1, 2**60) for edge in edges):  # the thresholds are floats
        assert split_of(family) == SPLITS[sum(place >= edge for edge in edges)]


def test_many_families_at_once():
    assert [SPLITS[code] for code in split_codes(GOLDEN)] == list(GOLDEN.values())
    assert len(split_codes([])) == 0


def test_shares_are_eight_one_one():
    counts = dict.fromkeys(SPLITS, 0)
    for number in range(20_000):
        counts[split_of(f"family {number}")] += 1
    for split, share in zip(SPLITS, SHARES, strict=True):
        assert abs(counts[split] / 20_000 - share) < 4 * (share * (1 - share) / 20_000) ** 0.5


def test_a_family_is_in_one_split_of_the_words_table():
    words = ["plan", "plans", "planned", "window", "windows", "run", "runs", "zebra", "zebras", "Zebra"]
    table = words_table(Lexicon("given", "en", tuple(words), "", "", ""))
    found = {split: set(words_of_split(table, split)["family"].to_pylist()) for split in SPLITS}
    assert all(not found[one] & found[other] for one, other in pairwise([*SPLITS, "train"]))
    assert sum(words_of_split(table, split).num_rows for split in SPLITS) == len(words)
    assert set(words_of_split(table, "test")["word"].to_pylist()) == {"run", "runs", "zebra", "zebras", "Zebra"}


WEIGHTS = st.lists(st.integers(0, 1_000), min_size=1, max_size=6).filter(any)


@given(st.integers(0, 10**12), WEIGHTS)
def test_shares_add_up_and_are_within_one_of_exact(n, weights):
    shares = apportion(n, weights)
    assert sum(shares) == n
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(n * weight, sum(weights))) < 1
        assert share >= 0


@pytest.mark.parametrize(
    ("n", "shares"), [(1, [1, 0, 0]), (3, [3, 0, 0]), (7, [5, 1, 1]), (10, [8, 1, 1]), (101, [81, 10, 10])]
)
def test_odd_numbers(n, shares):
    assert apportion(n, SHARES) == shares
