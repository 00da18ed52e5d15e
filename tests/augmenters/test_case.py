"""Another case for the question, never for what it asks about."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sdp.api import AugmentOptions
from sdp.augmenters.case import Case


def test_small_letters_and_capitals():
    found = {Case().augment('Spell "TREE" for Me.', ("TREE", "T-R-E-E"), Random(seed)) for seed in range(40)}
    assert found == {'spell "TREE" for me.', 'SPELL "TREE" FOR ME.'}


def test_by_the_rules_of_the_language():
    made = Case(AugmentOptions("tr"))
    assert {made.augment("Işık nedir", (), Random(seed)) for seed in range(40)} == {"ışık nedir", "IŞIK NEDİR"}


def test_code_has_no_other_case():
    assert Case().augment("Run ```X```", (), Random(0)) is None


@given(st.text("aBc ", min_size=1, max_size=30), st.integers(0, 99))
def test_only_case_changes(prompt, seed):
    assert Case().augment(prompt, (), Random(seed)).lower() == prompt.lower()
