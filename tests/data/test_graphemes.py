"""Letters as people see them."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdp.data.graphemes import grapheme_lists, graphemes
from sdp.data.lexicon import load_lexicon

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
        ("\u0634\u0651\u064e\u0645\u0633", ["\u0634\u064e\u0651", "\u0645", "\u0633"]),  # right to left, vowel marks
        ("\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", ["\u05e9\u05b8\u05c1", "\u05dc", "\u05d5\u05b9", "\u05dd"]),
        (
            "\u0915\u094d\u0937\u0924\u094d\u0930\u093f\u092f",
            ["\u0915\u094d\u0937", "\u0924\u094d\u0930\u093f", "\u092f"],
        ),
        ("\u0ba8\u0bbf\u0bb2\u0bbe", ["\u0ba8\u0bbf", "\u0bb2\u0bbe"]),  # Tamil
        ("q\u0323\u0307x", ["q\u0323\u0307", "x"]),  # marks that no single character has
        ("\U0001f44d\U0001f3fdok", ["\U0001f44d\U0001f3fd", "o", "k"]),  # a skin tone
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", ["\U0001f1e9\U0001f1ea", "\U0001f1eb\U0001f1f7"]),  # two flags
        ("\U0001f3f3\ufe0f\u200d\U0001f308", ["\U0001f3f3\ufe0f\u200d\U0001f308"]),
        ("I\u0307l", ["\u0130", "l"]),
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


SAMPLES = [
    "ab", "", "\u00e9", "cafe\u0301", "\ud55c\uad6d", "\u1112\u1161\u11ab", "\u0939\u093f\u0928\u094d\u0926\u0940",
    "\u0301", "a\nb", "a\r", "\n", "\U0001f468\u200d\U0001f469", "\u200d",
]  # fmt: skip


@given(st.lists(st.one_of(TEXT, st.sampled_from(SAMPLES)), max_size=8))
@example([])
@example([""])
@example(["a\r", "\nb"])
@example(["\u0301", "\u0301a"])
@example(["\uac00", "\u11a8"])
def test_many_words_are_each_word_by_itself(words):
    """The column is cut out of one long text; no letter may reach over the end of its word."""
    made = grapheme_lists(words)
    made.validate(full=True)
    assert str(made.type) == "list<item: string>"
    assert made.to_pylist() == [graphemes(word) for word in words]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "tr", "ru", "el", "hi", "ar", "ko", "ta"])
def test_words_of_every_language_by_a_column_and_one_by_one(language):
    words = load_lexicon(f"wordfreq:{language}:3000", "en").words
    assert grapheme_lists(words).to_pylist() == [graphemes(word) for word in words]
