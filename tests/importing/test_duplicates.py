"""Rows that were there before, in this chunk or an earlier one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdp.importing.duplicates import Duplicates, NearDuplicates


@given(st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=8))
def test_the_first_of_equal_rows_is_new_and_no_other(chunks):
    work, seen = Duplicates(), set()
    for chunk in chunks:
        expected = []
        for one in chunk:
            expected.append(one not in seen)
            seen.add(one)
        assert work.new(np.array(chunk, dtype=np.uint64)).tolist() == expected


def test_near_ones_with_the_same_answer():
    work = NearDuplicates(0.7)
    texts = [
        "What is the capital of France, please?",
        "What is the capital of France please?",
        "How old is the oldest tree?",
    ]
    assert work.new(texts, ["Paris", "Paris", "5000"]).tolist() == [True, False, True]
    assert work.new(["What is the capital of France, please??"], ["Paris"]).tolist() == [False]


def test_another_answer_is_another_question():
    assert NearDuplicates(0.7).new(["What is 12 + 30 in all?", "What is 12 + 31 in all?"], ["42", "43"]).tolist() == [
        True,
        True,
    ]
