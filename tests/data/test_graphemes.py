"""Letters as people see them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.data.graphemes import grapheme_lists, graphemes

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("straw", ["s", "t", "r", "a", "w"]),
        ("caf\u00e9", ["c", "a", "f", "\u00e9"]),
        ("cafe\u0301", ["c", "a", "f", "\u00e9"]),  # the same word, typed with a combining accent
        ("\ud55c\uad6d", ["\ud55c", "\uad6d"]),  # Hangul, two syllables
        ("\u1112\u1161\u11ab", ["\ud55c"]),  # one syllable typed as three jamo
        ("a\U0001f468\u200d\U0001f469\u200d\U0001f467b", ["a", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "b"]),
        ("\u0939\u093f\u0928\u094d\u0926\u0940", ["\u0939\u093f", "\u0928\u094d\u0926\u0940"]),  # Devanagari: hi-ndi
        ("Stra\u00dfe", ["S", "t", "r", "a", "\u00df", "e"]),
        ("", []),
    ],
)
def test_known_words(text, letters):
    assert graphemes(text) == letters


@given(TEXT)
def test_nothing_is_lost_but_the_way_of_typing(text):
    assert "".join(graphemes(text)) == unicodedata.normalize("NFC", text)
    assert graphemes(unicodedata.normalize("NFD", text)) == graphemes(unicodedata.normalize("NFC", text))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz"))
def test_plain_letters_are_characters(text):
    assert graphemes(text) == list(text)


def test_many_words_become_one_column():
    assert grapheme_lists(["ab", "", "\u00e9"]).to_pylist() == [["a", "b"], [], ["\u00e9"]]
