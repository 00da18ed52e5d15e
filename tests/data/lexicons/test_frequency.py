"""Frequency lists: our reader against the package's own, bands, languages."""

import unicodedata
from itertools import islice

import pytest
import wordfreq

from sdp.data.lexicon import load_lexicon
from sdp.data.lexicons.frequency import entries, languages, load, usable_words
from sdp.data.lexicons.usable import LENGTHS
from sdp.errors import InputError

LANGUAGES = ("en", "de", "fr", "es", "tr", "ru", "el", "hi", "ar", "ko")


def test_frequent_words_come_first():
    part = load("en:100")
    assert part.words[:6] == ("the", "and", "for", "that", "you", "with")
    assert len(part.words) == len(set(part.words)) == 100
    frequencies = [wordfreq.word_frequency(word, "en") for word in part.words]
    assert frequencies == sorted(frequencies, reverse=True)


def test_the_languages_are_the_package_s():
    assert languages() == set(wordfreq.available_languages("best"))


@pytest.mark.parametrize("language", ["en", "tr", "hi"])
def test_the_reader_reads_what_the_package_reads(language):
    assert list(entries(language)) == list(wordfreq.iter_wordlist(language, "best"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_every_language(language):
    words = list(islice(usable_words(language), 2_000))
    assert len(set(words)) == 2_000
    assert all(unicodedata.is_normalized("NFC", word) for word in words)
    assert all(unicodedata.category(char)[0] in "LM" for word in words for char in word)
    assert all(LENGTHS[0] <= len(word) for word in words)


def test_a_shorter_list_is_the_beginning_of_a_longer_one():
    assert load("en:300").words[:100] == load("en:100").words


def test_a_band_is_a_slice_with_both_ends():
    whole = load("en:300").words
    assert load("en:101-300").words == whole[100:]
    assert load("en:1-300") == load("en:300")
    assert load("en:7-7").words == (whole[6],)
    assert load("en:101-300").source == "wordfreq:en:101-300"


def test_bands_side_by_side_are_the_whole():
    assert load("tr:1-50").words + load("tr:51-120").words == load("tr:120").words


def test_a_band_behind_the_end_is_refused():
    n = len(list(usable_words("ko")))
    with pytest.raises(InputError, match=f"{n:,} usable words of 'ko', none of the ranks 90,000 to 91,000"):
        load("ko:90000-91000")


def test_a_list_that_ends_early_says_so():
    part = load("ko:50000")
    assert part.note == f"wordfreq:ko:50000: the list ends with {len(part.words):,} of the 50,000 words asked for"
    assert load("ko").note == load("ko:100").note == ""


def test_what_folding_by_the_wrong_language_left_is_no_word():
    """French, German and Russian lists hold İstanbul with an i and a combining dot."""
    assert any("i\u0307" in entry for entry in entries("fr"))
    assert not any("i\u0307" in word for word in usable_words("fr"))


def test_final_sigma_is_restored():
    words = load("el:2000").words
    assert "της" in words
    assert not any(word.endswith("σ") for word in words)


def test_sharp_s_is_not_in_the_lists():
    assert not any("ß" in word for word in load("de").words)


def test_licence_and_attribution_are_given():
    part = load("en:10")
    assert part.licence == "CC BY-SA 4.0"
    assert "Robyn Speer" in part.attribution
    assert part.origin_version.startswith("wordfreq 3.")


def test_the_default_has_not_changed():
    """The tiny model, and everything that was ever measured with the default, rests on these words."""
    lexicon = load_lexicon("wordfreq:en", "en")
    assert lexicon.source == "wordfreq:en:30000"
    assert lexicon.hash == "7668a3deb1180d8f"


@pytest.mark.parametrize(
    ("rest", "what", "hint"),
    [
        ("enn", "no list for 'enn'", "did you mean 'en'"),
        ("", "no list for ''", "choices are: ar"),
        ("en:many", "'many' is not a number of words", "wordfreq:en:50000"),
        ("en:", "'' is not a number of words", None),
        ("en:0", "'0' is not a number of words", None),
        ("en:0-10", "'0-10' is not a number of words", "wordfreq:en:5001-20000"),
        ("en:-5", "'-5' is not a number of words", None),
        ("en:5-", "'5-' is not a number of words", None),
        ("en:9-3", "the band '9-3' is empty", "3-9"),
        ("en:\u00b2", "is not a number of words", None),
        ("en:\u0663", "is not a number of words", None),
        ("en:" + "9" * 5000, "is not a number of words", None),
    ],
)
def test_what_is_not_there_is_refused(rest, what, hint):
    with pytest.raises(InputError) as caught:
        load(rest)
    assert what in caught.value.what
    assert hint is None or hint in caught.value.hint
