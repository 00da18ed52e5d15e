"""Words to choose from: the right one can be told, and by nothing but what is asked."""

from collections import Counter
from functools import cache
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdp.testing import all_questions, oracle_answers, table_of
from sdp_cute.similarity import OrthographicSimilarity, edit_distances
from sdp_cute.unscramble import Unscramble, arrangement, n_arrangements, scrambled

NEAR_WORDS = [f"{a}{b}{c}{d}{e}" for a in "bcd" for b in "ae" for c in "lnr" for d in "io" for e in ("st", "ster")]
FAR_WORDS = [f"{a}{b}" * n for a in "uvwxyz" for b in "hkmpq" for n in (3, 4)]


@cache
def slow_distance(one, other):
    if not one or not other:
        return len(one) + len(other)
    return min(
        slow_distance(one[1:], other) + 1,
        slow_distance(one, other[1:]) + 1,
        slow_distance(one[1:], other[1:]) + (one[0] != other[0]),
    )


short = st.text(alphabet="abcé", max_size=5)


@given(st.lists(st.tuples(short, short), max_size=6))
@settings(deadline=None)
def test_distances_by_the_definition(pairs):
    left, right = [one for one, _ in pairs], [other for _, other in pairs]
    assert edit_distances(left, right).tolist() == [slow_distance(one, other) for one, other in pairs]


def test_near_is_near_and_far_is_far_and_both_are_equally_long():
    questions = all_questions(OrthographicSimilarity(), table_of([*NEAR_WORDS, *FAR_WORDS]))
    assert len(questions) > 200
    for one in questions:
        near = one["answer"]
        (far,) = {one["first"], one["second"]} - {near}
        to_near, to_far = slow_distance(one["word"], near), slow_distance(one["word"], far)
        assert to_near == one["distance"] > 0
        assert to_near <= 0.3 * max(len(one["word"]), len(near))
        assert to_far >= 0.7 * max(len(one["word"]), len(far))
        assert len(near) == len(far)
        assert (one["stratum"] == "first") == (one["first"] == near)


def test_the_oracle_decides_and_refuses_a_tie():
    questions = all_questions(OrthographicSimilarity(), table_of([*NEAR_WORDS, *FAR_WORDS]))
    assert oracle_answers(OrthographicSimilarity(), questions) == [one["answer"] for one in questions]
    tie = {"word": "straw", "first": "stray", "second": "strap"}
    assert oracle_answers(OrthographicSimilarity(), [tie]) == [""]


@given(letters=st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_arrangements_are_all_orders_as_in_a_dictionary(letters):
    every = sorted(set(permutations(letters)))
    assert n_arrangements(letters) == len(every)
    assert [tuple(arrangement(letters, number)) for number in range(len(every))] == every


@given(letters=st.lists(st.integers(0, 4), min_size=2, max_size=9), most=st.integers(1, 30))
def test_scrambled_forms_are_distinct_and_never_the_word(letters, most):
    n_forms = min(most, n_arrangements(letters) - 1)
    forms = [tuple(scrambled(letters, number, n_forms)) for number in range(n_forms)]
    assert len(set(forms)) == n_forms
    assert tuple(letters) not in forms
    assert all(Counter(form) == Counter(letters) for form in forms)


def test_one_option_has_the_letters_and_it_stands_where_the_stratum_says():
    words = table_of([*NEAR_WORDS, *FAR_WORDS, "listen", "silent", "enlist", "tinsel"])
    questions = all_questions(Unscramble(), words)
    for one in questions:
        options = one["options"].split(", ")
        fitting = [word for word in options if sorted(word) == sorted(one["letters"])]
        assert fitting == [one["answer"]] == [one["word"]]
        assert len(set(options)) == 4
        assert {len(word) for word in options} == {len(one["word"])}
        assert options.index(one["answer"]) == ("first", "second", "third", "fourth").index(one["stratum"])
        assert one["letters"] != one["word"]
    # Of each length there must be four classes of anagrams, or there would be nothing to choose from.
    assert {len(one["word"]) for one in questions} == {6, 8}
    assert oracle_answers(Unscramble(), questions) == [one["answer"] for one in questions]


@pytest.mark.parametrize(
    ("letters", "options"), [("tsniel", "listen, silent, bales, crane"), ("xyz", "ab, cd, ef, gh")]
)
def test_the_oracle_has_no_answer_where_none_or_two_fit(letters, options):
    assert oracle_answers(Unscramble(), [{"word": "", "letters": letters, "options": options}]) == [""]


def test_the_right_option_is_not_always_the_same_one_in_the_order_of_letters():
    """The four are neighbours in an order of letters: whoever sorted them would find it in the middle."""
    words = table_of([f"{a}{b}{c}{d}" for a in "bcdfg" for b in "ae" for c in "lnrs" for d in "io"])
    places = Counter()
    for one in all_questions(Unscramble(), words):
        options = sorted(one["options"].split(", "), key=sorted)
        places[options.index(one["answer"])] += 1
    shares = np.array([places[place] for place in range(4)]) / sum(places.values())
    assert shares.min() > 0.15
