"""Every number is another choice of surfaces, and every choice has a number."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError, TemplateError
from sdp.templates.phrasing import load_phrasings
from sdp.templates.pools import pool
from sdp.templates.surfaces import Surfaces, surfaces


def of(text, language="en"):
    return surfaces(load_phrasings("made_up", language, inline=[text])[0])


@given(st.lists(st.integers(1, 5), max_size=3))
def test_numbers_and_choices_are_one_to_one(sizes):
    names = ["name", "place", "sentence"][: len(sizes)]
    made = Surfaces(
        tuple((name, pa.array([f"{name}{i}" for i in range(n)])) for name, n in zip(names, sizes, strict=True))
    )
    columns = made.decode(np.arange(made.count))
    found = set(zip(*(columns[name].to_pylist() for name in names), strict=True)) if names else {()}
    assert found == set(product(*([f"{name}{i}" for i in range(n)] for name, n in zip(names, sizes, strict=True))))
    assert len(found) == made.count


def test_none():
    made = of("{{ word }}")
    assert made.count == 1
    assert made.decode(np.zeros(3, dtype=np.uint64)) == {}


def test_only_what_the_phrasing_uses():
    assert set(of("{{ word }} {{ place }}").decode(np.arange(2))) == {"place"}
    made = of("{{ sentence }} {{ name }} {{ word }}")
    assert made.count == len(pool("en", "name")) * len(pool("en", "sentence"))
    assert [name for name, _ in made.pools] == ["name", "sentence"]


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_last_number(dtype):
    made = of("{{ name }} {{ place }} {{ sentence }}")
    columns = made.decode(np.array([0, made.count - 1], dtype=dtype))
    for name, values in made.pools:
        assert columns[name].to_pylist() == [values[0].as_py(), values[-1].as_py()]


@pytest.mark.parametrize("number", [-1, 200])
def test_out_of_range(number):
    with pytest.raises(InputError, match="0 … 199"):
        of("{{ name }}").decode(np.array([number]))


def test_no_rows():
    assert {name: len(column) for name, column in of("{{ name }}").decode(np.array([], dtype=np.int64)).items()} == {
        "name": 0
    }


def test_a_language_without_the_pool_names_the_phrasing():
    with pytest.raises(TemplateError, match="no pool of 'sentence'") as caught:
        of("{{ word }} {{ sentence }}", "ko")
    assert caught.value.where == "made_up.templates:1"
