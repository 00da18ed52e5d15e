"""Code points: the bytes say what Python's own decoding says."""

import sys
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.validators.code_points import distinct, is_printable_ascii, kind_of, may_compose, text_bytes

PLAIN = {*map(chr, range(32, 127))}


@given(st.lists(st.one_of(st.text(max_size=8), st.text("abcdé한👩", max_size=200)), max_size=10), st.integers(0, 5))
def test_the_characters_are_those_of_the_texts(texts, start):
    array = pa.array(texts, pa.string()).slice(start)
    characters = set("".join(texts[start:]))
    data = text_bytes(array)
    assert distinct(data) == sorted(map(ord, characters - PLAIN))
    assert is_printable_ascii(data) == (characters <= PLAIN)


@given(st.integers(0, 300), st.sampled_from("é한👩\x07\x7f"))
def test_one_character_among_hundreds_is_found_wherever_it_is(place, character):
    text = "a" * place + character + "b" * (300 - place)
    assert distinct(text_bytes(pa.array([text]))) == [ord(character)]


@pytest.mark.parametrize("texts", [[], [None], ["", ""], [None, "a"]])
def test_nothing_is_nothing(texts):
    assert distinct(text_bytes(pa.array(texts, pa.string()))) == []


def test_kinds_are_those_of_the_unicode_database():
    """Where Python's, which may be older, knows the character."""
    kinds = {"Cc": "control", "Cf": "format", "Co": "private-use", "Zl": "separator", "Zp": "separator"}
    for point in [
        *range(0x3000),
        *range(0xD7F0, 0xD800),
        *range(0xE000, 0x10000),
        *range(0x1F000, 0x20000, 7),
        sys.maxunicode,
    ]:
        category = unicodedata.category(chr(point))
        if category != "Cn":
            assert kind_of(point) == kinds.get(category), hex(point)
    assert kind_of(0xE0FFF) == "unassigned"
    assert kind_of(0xFFFF) == "unassigned"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_a_text_of_characters_that_do_not_compose_is_in_nfc(text):
    if not any(may_compose(ord(character)) for character in text):
        assert unicodedata.is_normalized("NFC", text)
