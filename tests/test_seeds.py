"""Seeds: golden values, and none of the ways in which neighbouring seeds were the same elsewhere."""

import subprocess
import sys
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.seeds import derive, derive_each, stream

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
PARTS = st.lists(st.one_of(st.integers(), TEXT), max_size=4)


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        ((), 13020603013274838756),
        ((0,), 12246907308585442206),
        (("0",), 5340489516259220817),
        ((42,), 16708937278436495542),
        ((43,), 9955522192234421208),
        ((-1,), 16532792729039099997),
        (("é",), 8174912107918190809),
    ],
)
def test_values_never_change(parts, value):
    assert derive(*parts) == value


def test_the_recipe_by_hand():
    data = b"\x02\0\0\0\0\0\0\0i7" + b"\x03\0\0\0\0\0\0\0sab"
    assert derive(7, "ab") == int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


@given(PARTS, PARTS)
def test_other_parts_give_another_seed(one, other):
    """1 is not "1", and ("ab", "c") is not ("a", "bc"): a chance hit would have to break a 64-bit hash."""
    assert (derive(*one) == derive(*other)) == ([(type(part), part) for part in one] == [(type(p), p) for p in other])


@given(TEXT, st.lists(TEXT, max_size=5))
def test_many_at_once_are_the_same_as_one_by_one(name, texts):
    assert derive_each(name, texts) == [derive(name, text) for text in texts]


def test_neighbouring_streams_share_nothing():
    """Random(seed + index) makes data set 43 a shifted copy of data set 42."""
    drawn = [{stream(seed, index).random() for index in range(500)} for seed in (42, 43)]
    assert not drawn[0] & drawn[1]


def test_a_negative_seed_is_a_seed_of_its_own():
    """Python's Random takes abs(): elsewhere, test rows made from -(i + 1) were copies of train rows."""
    assert stream(-5).random() != stream(5).random()


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_the_hash_seed_of_python_has_no_say(hash_seed):
    code = "from sdp.seeds import derive, stream; print(derive('a', 1), stream('a').random())"
    command = [sys.executable, "-c", code]
    printed = subprocess.run(
        command, env={"PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True
    ).stdout
    assert printed.split() == [str(derive("a", 1)), str(stream("a").random())]
