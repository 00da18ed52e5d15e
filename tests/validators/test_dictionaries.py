"""Dictionaries: a column taken apart says the same as the column, and nothing is computed twice or mixed up."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.validators.dictionaries import KEPT, PerDictionary, by_split, decompose, equal_texts, plain, same_values

TEXTS = st.lists(st.one_of(st.none(), st.text("abé한", max_size=3)), max_size=20)


@given(st.lists(TEXTS, max_size=4), st.booleans())
def test_codes_and_values_give_the_column_back(chunks, as_dictionary):
    column = pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string())
    if as_dictionary:
        column = pa.chunked_array(
            [chunk.dictionary_encode() for chunk in column.chunks], pa.dictionary(pa.int32(), pa.string())
        )
    codes, values = decompose(column)
    read = [None if code < 0 else values[int(code)].as_py() for code in codes]
    assert read == plain(column).to_pylist() == [text for chunk in chunks for text in chunk]


def test_a_slice_of_a_dictionary_column_is_that_slice():
    column = pa.array(["a", "b", "a", "c"]).dictionary_encode().slice(1, 2)
    codes, values = decompose(column)
    assert [values[int(code)].as_py() for code in codes] == ["b", "a"]


def test_each_dictionary_is_computed_once():
    asked = []
    remembered = PerDictionary(lambda values: asked.append(values) or values.to_pylist())
    columns = [pa.array(["a", "b"]).dictionary_encode() for _ in range(3)]
    for column in columns:
        for start in (0, 1):
            _, values = decompose(column.slice(start))
            assert remembered(values) == ["a", "b"]
    assert len(asked) == 3


def test_a_dictionary_that_went_away_is_not_taken_for_one_at_the_same_address():
    remembered = PerDictionary(lambda values: values.to_pylist())
    for number in range(20 * KEPT):
        values = pa.array([f"{number:08d}"])
        assert remembered(values) == [f"{number:08d}"]
        del values


def test_no_more_than_a_few_dictionaries_are_kept():
    remembered = PerDictionary(len)
    for number in range(3 * KEPT):
        remembered(pa.array([str(number)]))
    assert len(remembered._known) == KEPT


def test_same_values_is_about_memory():
    values = pa.array(["a", "b"])
    one, other = (pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), values) for _ in range(2))
    assert same_values(one.dictionary, other.dictionary)
    assert not same_values(values, pa.array(["a", "b"]))


@pytest.mark.parametrize("splits", [[], ["train"] * 4, ["train", "test", "train", None]])
def test_every_row_is_in_the_split_it_names(splits):
    table = pa.table({"split": pa.array(splits, pa.string()), "n": pa.array(range(len(splits)), pa.int64())})
    numbers = np.asarray(table["n"])
    found = {split: numbers[rows].tolist() for split, rows in by_split(table)}
    assert found == {name: [i for i, split in enumerate(splits) if split == name] for name in set(splits) - {None}}


CODES = st.integers(-1, 3)


@given(st.lists(st.tuples(CODES, CODES), max_size=12), st.lists(st.sampled_from("abc"), min_size=4, max_size=4))
def test_texts_are_compared_also_when_a_dictionary_holds_one_twice(rows, values):
    def column(side, texts):
        codes = pa.array([None if row[side] < 0 else row[side] for row in rows], pa.int32())
        return decompose(pa.DictionaryArray.from_arrays(codes, texts))

    shared, other = pa.array(values), pa.array(["b", "a", "a", "d"])
    for texts in (shared, other):
        found = equal_texts(column(0, shared), column(1, texts)).tolist()
        read = [
            [None if row[side] < 0 else held[row[side]].as_py() for row in rows]
            for side, held in ((0, shared), (1, texts))
        ]
        assert found == [one is not None and one == two for one, two in zip(*read, strict=True)]
