"""Typing slips: in words, few of them, and never in what is asked about."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from sdp.augmenters.noise import PER_LETTER, Noise

PROMPT = 'Could somebody please spell "strawberry" with dashes between letters?'


@given(st.integers(0, 10_000))
def test_a_slip_or_two(seed):
    made = Noise().augment(PROMPT, ("strawberry",), Random(seed))
    n_letters = sum(map(str.isalpha, PROMPT))
    assert OSA.distance(made, PROMPT) <= max(1, round(n_letters * PER_LETTER))
    assert '"strawberry"' in made


def test_all_three_kinds_of_slip_come():
    lengths = {len(Noise().augment(PROMPT, (), Random(seed))) - len(PROMPT) for seed in range(60)}
    assert {-1, 0, 1} <= lengths


def test_nothing_to_slip_in():
    assert Noise().augment("2 + 2 = ?", (), Random(0)) is None
    assert Noise().augment("a b cde", (), Random(0)) is None
    assert Noise().augment("```code here```", (), Random(0)) is None
