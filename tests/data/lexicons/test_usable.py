"""What counts as a word, and what is said of the rest."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.data.graphemes import graphemes
from sdp.data.lexicons.usable import LENGTHS, fault, usable

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
WORDS = {
    "en": "garden",
    "de": "Straße",
    "fr": "élève",
    "es": "mañana",
    "tr": "ılık",
    "ru": "ёлка",
    "el": "λόγος",
    "hi": "नमस्ते",
    "ar": "مُحَمَّد",
    "ko": "대한민국",
    "he": "שָׁלוֹם",
    "ta": "தமிழ்நாடு",
}


@pytest.mark.parametrize("language", WORDS)
def test_words_of_all_scripts(language):
    word = WORDS[language]
    normal = unicodedata.normalize("NFC", word)
    assert usable(normal) == usable(unicodedata.normalize("NFD", word)) == normal
    assert LENGTHS[0] <= len(graphemes(word)) <= LENGTHS[1]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ice cream", "U+0020 (space) is not a letter"),
        ("it's", "U+0027 (apostrophe) is not a letter"),
        ("x1y2z3", "U+0031 (digit one) is not a letter"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "U+1F468 (man) is not a letter"),
        ("می\u200cخواهم", "U+200C (zero width non-joiner) is not a letter"),
        ("abc\u200fdef", "U+200F (right-to-left mark) is not a letter"),
        ("abc\x00", "U+0000 (without a name) is not a letter"),
        ("\u0301abc", "it begins with a mark that no letter carries"),
        ("a", "1 letter, a word has 3 to 20"),
        ("निनि", "2 letters, a word has 3 to 20"),
        ("a" * 21, "21 letters, a word has 3 to 20"),
    ],
)
def test_what_is_no_word(text, why):
    assert usable(text) is None
    assert fault(text) == why


@given(TEXT)
def test_a_word_is_letters_with_their_marks(text):
    word = usable(text)
    if word is None:
        assert fault(text)
    else:
        assert unicodedata.is_normalized("NFC", word)
        assert {unicodedata.category(char)[0] for char in word} <= {"L", "M"}
        assert unicodedata.category(word[0])[0] == "L"
        assert LENGTHS[0] <= len(graphemes(word)) <= LENGTHS[1]
        assert usable(word) == word
