"""Families: what a stem keeps together."""

import pytest
import Stemmer

from sdp.data.families import _SNOWBALL, families, stemmer_of, stemmer_version, stemming
from sdp.data.lexicon import load_lexicon


def test_forms_of_a_word_are_one_family():
    assert families(["plan", "plans", "planned", "planning"], "en") == ["plan"] * 4
    assert len(set(families(["H\u00e4user", "h\u00e4user"], "de"))) == 1


def test_case_does_not_part_a_family():
    """A file may hold 'Plans' beside 'plan': the stemmer knows small letters only, and would leave both alone."""
    assert len(set(families(["plan", "Plans", "PLANS"], "en"))) == 1
    assert len(set(families(["Apfel", "apfel"], "ko"))) == 1
    assert len(set(families(["Stra\u00dfe", "strasse", "STRASSE"], "de"))) == 1


def test_both_sigmas_are_one_family():
    assert len(set(families(["\u03bb\u03cc\u03b3\u03bf\u03c2", "\u03bb\u03cc\u03b3\u03bf\u03c3"], "el"))) == 1


def test_a_language_without_a_stemmer_keeps_its_words():
    assert stemmer_of("ko") is None
    assert families(["\uc0ac\uacfc", "\uc0ac\uacfc\ub4e4"], "ko") == ["\uc0ac\uacfc", "\uc0ac\uacfc\ub4e4"]


def test_every_algorithm_named_is_there():
    assert set(_SNOWBALL.values()) <= set(Stemmer.algorithms())
    assert stemmer_version() == Stemmer.version()


def test_turkish_case_does_not_part_a_family():
    """Python folds İ to an i with a second dot and I to i: İstanbul and istanbul would stand in two splits."""
    assert len(set(families(["İstanbul", "istanbul", "İSTANBUL"], "tr"))) == 1
    assert len(set(families(["ILIK", "ılık"], "tr"))) == 1
    assert len(set(families(["ılık", "ilik"], "tr"))) == 2


@pytest.mark.parametrize("language", ["en", "tr", "de", "el", "ko"])
def test_one_word_after_the_other_is_all_at_once(language):
    words = [*load_lexicon(f"wordfreq:{language}:200", "en").words, "Straße", "İl", "PLANS"]
    assert [stemming(language)(word) for word in words] == families(words, language)


@pytest.mark.parametrize(
    ("forms", "language"),
    [
        (["casa", "case"], "it"),
        (["huis", "huisje"], "nl"),
        (["gato", "gatos"], "pt"),
        (["bok", "boken"], "sv"),
        (["книга", "книги"], "ru"),
        (["gato", "gatos"], "es"),
        (["chanter", "chantez"], "fr"),
    ],
)
def test_forms_of_a_word_in_other_languages(forms, language):
    assert len(set(families(forms, language))) == 1
