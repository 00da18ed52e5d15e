"""Columns put together from scattered parts are what putting the values in place one by one gives."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.contract.columns import coded
from sdp.contract.rows import DICTIONARY
from sdp.synthesis import assembly
from sdp.synthesis.assembly import Assembly

VALUES = {
    DICTIONARY: st.none() | st.sampled_from(["a", "b", "é", ""]),
    pa.int32(): st.none() | st.integers(-5, 5),
    pa.bool_(): st.none() | st.booleans(),
    pa.float64(): st.floats(allow_nan=False),
    pa.list_(pa.string()): st.none() | st.lists(st.sampled_from(["x", "y"]), max_size=2),
}


@st.composite
def scattered(draw, kind):
    """Rows of the whole, cut into parts in any order; some rows may be in none."""
    n = draw(st.integers(1, 12))
    rows = draw(st.permutations(range(n)))[: draw(st.integers(1, n))]
    cuts = sorted(draw(st.sets(st.integers(1, len(rows)), max_size=3)))
    pieces = [rows[first:last] for first, last in zip([0, *cuts], [*cuts, len(rows)], strict=True) if last > first]
    return n, [(piece, [draw(VALUES[kind]) for _ in piece]) for piece in pieces]


@pytest.mark.parametrize("kind", VALUES, ids=str)
def test_every_value_is_in_its_place(kind):
    @given(scattered(kind))
    def check(whole):
        n, pieces = whole
        wanted = [None] * n
        for rows, values in pieces:
            for row, value in zip(rows, values, strict=True):
                wanted[row] = value
        parts = [(np.array(rows), pa.array(values, kind)) for rows, values in pieces]
        column = Assembly().column(n, parts, kind)
        assert column.to_pylist() == wanted
        assert column.type == kind

    check()


def test_a_text_that_two_parts_have_is_in_the_dictionary_once():
    parts = [(np.array([0, 2]), pa.array(["a", "b"]).dictionary_encode()), (np.array([1]), pa.array(["b"]))]
    column = Assembly().column(3, parts, DICTIONARY)
    assert column.to_pylist() == ["a", "b", "b"]
    assert sorted(column.dictionary.to_pylist()) == ["a", "b"]


def test_dictionaries_that_come_again_are_united_once(monkeypatch):
    united = []
    real = assembly._unite
    monkeypatch.setattr(assembly, "_unite", lambda dictionaries: united.append(1) or real(dictionaries))
    one, other, made = pa.array(["a", "b"]), pa.array(["b", "c"]), Assembly()
    for _ in range(3):
        parts = [(np.array([0]), coded(np.array([1]), one)), (np.array([1]), coded(np.array([1]), other))]
        assert made.column(2, parts, DICTIONARY).to_pylist() == ["b", "c"]
    assert len(united) == 1


def test_what_is_remembered_has_an_end():
    made = Assembly()
    for number in range(3 * assembly.KEPT):
        parts = [(np.array([0]), pa.array([str(number)])), (np.array([1]), pa.array(["x"]))]
        assert made.column(2, parts, DICTIONARY).to_pylist() == [str(number), "x"]
    assert len(made._unions) <= assembly.KEPT
