import math

import pytest

from sdp.benchmarks.metrics.answer_bits_per_char import AnswerBitsPerChar


def test_a_fair_coin_per_character_is_one_bit():
    assert AnswerBitsPerChar.corpus([math.log(2) * 5, math.log(2) * 3], [5, 3]) == pytest.approx(1)


def test_rows_weigh_by_their_characters():
    assert AnswerBitsPerChar.corpus([math.log(2) * 6, 0.0], [1, 2]) == pytest.approx(2)


def test_does_not_depend_on_how_the_text_was_cut_into_tokens():
    whole, pieces = [-math.log(0.125)], [-math.log(0.5), -math.log(0.25)]
    assert AnswerBitsPerChar.corpus([sum(whole)], [4]) == pytest.approx(AnswerBitsPerChar.corpus([sum(pieces)], [4]))


def test_nothing_has_none():
    assert math.isnan(AnswerBitsPerChar.corpus([], []))
