"""Families: what a stem keeps together."""

import Stemmer

from sdp.data.families import _SNOWBALL, families, stemmer_of, stemmer_version


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
