"""Dictionary columns: numbers go in and come out."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sdp.contract.columns import coded, codes_of, constant
from sdp.contract.rows import DICTIONARY

VALUES = pa.array(["a", "é", "", "한국"])


@given(st.lists(st.integers(-1, 3), max_size=30))
def test_numbers_become_texts_and_numbers_again(codes):
    column = coded(np.array(codes, dtype=np.int64), VALUES)
    texts = [*VALUES.to_pylist(), None]
    assert column.type == DICTIONARY
    assert column.to_pylist() == [texts[code] for code in codes]
    assert codes_of(column).tolist() == codes
    assert column.null_count == codes.count(-1)


@given(st.lists(st.integers(-1, 3), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_slice_has_its_own_numbers(codes, start, length):
    column = coded(np.array(codes, dtype=np.int64), VALUES)
    assert codes_of(column.slice(start, length)).tolist() == codes[start : start + length]


def test_one_text_for_all():
    assert constant("x", 3).to_pylist() == ["x", "x", "x"]
    assert constant("x", 0).to_pylist() == []
    assert constant("x", 2).type == DICTIONARY


def test_no_numbers_at_all():
    assert coded(np.array([], dtype=np.int32), VALUES).to_pylist() == []
    assert coded(np.array([-1, -1]), pa.array([], pa.string())).to_pylist() == [None, None]
