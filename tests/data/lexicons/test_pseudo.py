"""Pseudo-words: none is a word, all look like some."""

import unicodedata
from random import Random

import pytest
import wordfreq

from sdp.data.casing import upper
from sdp.data.families import families
from sdp.data.graphemes import graphemes
from sdp.data.lexicon import load_lexicon
from sdp.data.lexicons import pseudo
from sdp.data.lexicons.pseudo import CONTEXT, MOST, _as_long_as, _of_one_script, load
from sdp.data.lexicons.usable import LENGTHS
from sdp.errors import InputError

LANGUAGES = ("en", "tr", "el", "hi", "ko")


def runs(word: str) -> set[str]:
    """All runs of four characters, the edges of the word among them."""
    text = "^" * CONTEXT + unicodedata.normalize("NFD", word) + "$"
    return {text[i : i + CONTEXT + 1] for i in range(len(text) - CONTEXT)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_is_a_word_and_all_sound_like_one(language):
    words = load(f"{language}:300").words
    real = {word.casefold() for word in wordfreq.iter_wordlist(language, "best")}
    assert len(set(words)) == 300
    assert not {word.casefold() for word in words} & real
    assert not {word.casefold().replace("ς", "σ") for word in words} & real
    heard = set().union(*(runs(word) for word in load_lexicon(f"wordfreq:{language}", "en").words))
    assert all(runs(word) <= heard for word in words)
    assert all(unicodedata.is_normalized("NFC", word) for word in words)


def test_nothing_but_the_language_s_own_script():
    """Frequency lists of Hindi and Korean hold English words."""
    for language, script in (("hi", "DEVANAGARI"), ("ko", "HANGUL"), ("el", "GREEK")):
        letters = {char for word in load(f"{language}:200").words for char in word}
        assert {unicodedata.name(char).split()[0] for char in letters} == {script}
    assert _of_one_script(["мир", "the", "дом", "миp"]) == ["мир", "дом"]  # the last p is Latin


def test_golden():
    """The same on every machine, in every process."""
    part = load("en:8")
    assert part.words == ("gaspberns", "critients", "ganity", "stremic", "chryn", "sailste", "marthdra", "varnt")
    assert (part.source, part.language, part.licence) == ("pseudo:en:8", "en", "CC BY-SA 4.0")
    assert "do not exist" in part.attribution


def test_fewer_are_the_beginning_of_more():
    assert load("el:50").words == load("el:80").words[:50]


@pytest.mark.parametrize("language", ["tr", "hi"])
def test_they_are_as_long_as_words(language):
    """Longer ones would be harder to spell for that reason alone."""
    words = [len(graphemes(word)) for word in load(f"{language}:2000").words]
    real = [len(graphemes(word)) for word in load_lexicon(f"wordfreq:{language}", "en").words]
    assert all(LENGTHS[0] <= length <= LENGTHS[1] for length in words)
    assert abs(sum(words) / len(words) - sum(real) / len(real)) < 0.5


def test_lengths_that_there_are_none_of_do_not_end_it():
    made = list(_as_long_as([3, 3, 5], iter(["abcde", "bcdef", "cdefg", "defg"]), Random(0)))
    assert sorted(made) == ["abcde", "bcdef", "cdefg", "defg"]


def test_words_of_other_parts_are_left_out():
    first, *others = load("tr:40").words
    without = load("tr:30", taken=[upper(first, "tr")]).words
    assert first not in without
    assert len(set(without) & set(others)) >= 25


def test_inflected_forms_of_words_are_left_out():
    """No list has all forms of a word; what has the stem of one is taken for one."""
    stems = set(families(list(wordfreq.iter_wordlist("tr", "best")), "tr"))
    assert not set(families(list(load("tr:300").words), "tr")) & stems


def test_a_language_can_be_too_small(monkeypatch):
    monkeypatch.setattr(pseudo, "_TRIES", 0)
    with pytest.raises(InputError, match=r"only [\d,]+ pseudo-words were found for 'ko', not 20,000") as caught:
        load("ko:20000")
    assert len(load(caught.value.hint.removeprefix("pseudo:")).words) > 100


@pytest.mark.parametrize(
    ("rest", "what"),
    [
        ("xx", "no list for 'xx'"),
        ("enn:5", "no list for 'enn'"),
        ("en:0", "'0' is not a number of pseudo-words"),
        ("en:", "'' is not a number of pseudo-words"),
        ("en:1-5", "'1-5' is not a number of pseudo-words"),
        (f"en:{MOST + 1}", "is not a number of pseudo-words"),
    ],
)
def test_what_cannot_be_made_is_refused(rest, what):
    with pytest.raises(InputError) as caught:
        load(rest)
    assert what in caught.value.what
