"""Casing: languages that differ from Unicode's default rules, and that all others do not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.data.casing import folding, lower, restore_final_sigma, upper
from sdp.data.graphemes import graphemes

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
LANGUAGES = ("en", "de", "fr", "es", "tr", "ru", "el", "hi", "ar", "ko")


@pytest.mark.parametrize(
    ("small", "capital", "language"),
    [
        ("ılık", "ILIK", "tr"),
        ("istanbul", "İSTANBUL", "tr"),
        ("iı", "İI", "az"),
        ("istanbul", "ISTANBUL", "en"),
        ("größe", "GRÖSSE", "de"),  # the way back gives ss
        ("élève", "ÉLÈVE", "fr"),
        ("año", "AÑO", "es"),
        ("ёлка", "ЁЛКА", "ru"),
        ("λόγος", "ΛΟΓΟΣ", "el"),
        ("μαΐου", "ΜΑΪΟΥ", "el"),  # the dialytika stays when the accent goes
        ("άιντε", "ΑΪΝΤΕ", "el"),  # and comes where only the accent kept the vowels apart
        ("हिन्दी", "हिन्दी", "hi"),
        ("مُحَمَّد", "مُحَمَّد", "ar"),
        ("한국", "한국", "ko"),
    ],
)
def test_capitals(small, capital, language):
    assert upper(small, language) == capital


@pytest.mark.parametrize(
    ("text", "small", "language"),
    [
        ("ILIK", "ılık", "tr"),
        ("İSTANBUL", "istanbul", "tr"),
        ("I\u0307zmir", "izmir", "tr"),  # a capital I with a combining dot is İ
        ("ISTANBUL", "istanbul", "de"),
        ("ΛΟΓΟΣ", "λογος", "el"),  # no rule knows where the accent was
        ("ΣΟΦΟΣ ΛΟΓΟΣ", "σοφος λογος", "el"),
        ("STRAẞE", "straße", "de"),
    ],
)
def test_small_letters(text, small, language):
    assert lower(text, language) == small


def test_turkish_words_keep_their_length():
    """By English rules İ becomes an i with a second dot on it: one letter, but not the one in the alphabet."""
    assert graphemes(lower("İl", "tr")) == ["i", "l"]
    assert lower("İl", "en") != "il"


@given(TEXT, st.sampled_from(LANGUAGES))
def test_results_are_normal(text, language):
    for made in (lower(text, language), upper(text, language)):
        assert unicodedata.is_normalized("NFC", made)


@given(st.text(alphabet="abcçdefgğhıijklmnoöprsştuüvyz"))
def test_turkish_comes_back(text):
    assert lower(upper(text, "tr"), "tr") == text


@given(TEXT, st.sampled_from([name for name in LANGUAGES if name != "tr"]))
def test_others_fold_by_the_default(text, language):
    """The splits of every data set rest on this."""
    assert folding(language)(text) == text.casefold()


@pytest.mark.parametrize(
    ("forms", "language"),
    [(["İL", "il", "İl"], "tr"), (["ILIK", "ılık"], "tr"), (["Straße", "STRASSE"], "de"), (["λόγος", "λόγοσ"], "el")],
)
def test_one_fold_for_all_forms(forms, language):
    assert len({folding(language)(form) for form in forms}) == 1


def test_dotless_and_dotted_are_two_letters_in_turkish():
    assert folding("tr")("ıl") != folding("tr")("il")


def test_final_sigma_is_restored():
    assert restore_final_sigma("λόγοσ") == "λόγος"
    assert restore_final_sigma("σαν") == "σαν"
