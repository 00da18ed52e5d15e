"""Word runs: the same as cutting every text by hand, without hashes and arrays."""

import numpy as np
import pyarrow as pa
import regex
from hypothesis import given
from hypothesis import strategies as st

from sdp.validators.word_runs import HashIndex, runs, whole_texts, words_of

PARTS = st.lists(st.sampled_from(["a", "A,", "b", "c!", "—", "s-t", "é", "'b'"]), max_size=7)
TEXTS = st.lists(st.one_of(st.none(), PARTS.map(" ".join)), min_size=1, max_size=12)


def cut(text):
    words = [regex.sub(r"[^\p{L}\p{M}\p{N}]+", "", word).casefold() for word in (text or "").split()]
    return [word for word in words if word]


@given(TEXTS)
def test_equal_texts_have_equal_hashes_and_others_have_not(texts):
    hashes = whole_texts(words_of(pa.array(texts, pa.string()))).tolist()
    for one, first in zip(texts, hashes, strict=True):
        for other, second in zip(texts, hashes, strict=True):
            assert (first == second) == (cut(one) == cut(other))


@given(TEXTS, st.integers(1, 4))
def test_runs_are_those_within_one_text(texts, n):
    words = words_of(pa.array(texts, pa.string()))
    starts, hashes = runs(words, n)
    expected = [tuple(cut(text)[i : i + n]) for text in texts for i in range(len(cut(text)) - n + 1)]
    assert len(hashes) == len(expected)
    assert len({*zip(expected, hashes.tolist(), strict=True)}) == len(set(expected)) == len(set(hashes.tolist()))
    assert words.text_of[starts].tolist() == [
        i for i, text in enumerate(texts) for _ in range(max(0, len(cut(text)) - n + 1))
    ]


def test_case_and_punctuation_do_not_count():
    first, second = whole_texts(words_of(pa.array(["How many letters has “Straße”?", "how many LETTERS has strasse"])))
    assert first == second


def test_order_counts():
    first, second = whole_texts(words_of(pa.array(["a b", "b a"]))).tolist()
    assert first != second


@given(st.lists(st.integers(0, 2**64 - 1), max_size=50), st.lists(st.integers(0, 2**64 - 1), max_size=50))
def test_the_index_finds_what_is_in_it(known, asked):
    index = HashIndex(np.array(known, dtype=np.uint64), np.arange(len(known)))
    found = index.find(np.array([*asked, *known], dtype=np.uint64)).tolist()
    for value, place in zip([*asked, *known], found, strict=True):
        assert (known[place] == value) if place >= 0 else value not in known
