"""Small and capital letters by the rules of a language, where they differ from Unicode's default ones.

Turkish and Azerbaijani pair ``ı`` with ``I`` and ``i`` with ``İ``. Greek ends words in ``ς`` and drops accents in
capitals. German ``ß`` has the capitals ``SS``, which no rule turns back. The rules are those of CLDR
(https://cldr.unicode.org).
"""

import re
from collections.abc import Callable
from unicodedata import normalize

_DOTLESS = frozenset({"tr", "az"})
"""Languages that write both ``i`` and ``ı``."""
_TO_SMALL = str.maketrans({"I": "ı", "İ": "i"})
_TO_CAPITAL = str.maketrans({"i": "İ", "ı": "I"})

_GREEK_ACCENT = "\u0300\u0301\u0313\u0314\u0342"
"""Grave, acute (tonos), smooth and rough breathing, circumflex, as combining marks."""
_ACCENTED_BEFORE_I = re.compile(rf"(?<=[αεηιουωΑΕΗΙΟΥΩ])(?:[{_GREEK_ACCENT}]+)([ιυΙΥ])(?!\u0308)")


def lower(text: str, language: str) -> str:
    """Writes a text in small letters, in NFC."""
    if language in _DOTLESS:
        # NFC first: a capital I with a combining dot is the letter İ.
        text = normalize("NFC", text).translate(_TO_SMALL)
    return normalize("NFC", text.lower())


def upper(text: str, language: str) -> str:
    """Writes a text in capitals, in NFC. It can grow longer: ``Straße`` has six letters, ``STRASSE`` seven."""
    if language in _DOTLESS:
        text = text.translate(_TO_CAPITAL)
    if language == "el":
        text = _without_greek_accents(text)
    return normalize("NFC", text.upper())


def folding(language: str) -> Callable[[str], str]:
    """Gives the function that makes texts equal which differ in case only: ``Straße`` and ``STRASSE``.

    It compares; what it returns is not for readers (``ß`` becomes ``ss``, a final ``ς`` becomes ``σ``).
    """
    if language in _DOTLESS:
        return lambda text: lower(text, language).casefold()
    return str.casefold


def restore_final_sigma(word: str) -> str:
    """Undoes what case folding does to Greek: a final ς that was written σ."""
    return word[:-1] + "ς" if word.endswith("σ") else word


def _without_greek_accents(text: str) -> str:
    """Takes accents off, keeps the dialytika, and puts one where only the accent kept two vowels apart: άι, ΑΪ."""
    parted = _ACCENTED_BEFORE_I.sub("\\1\u0308", normalize("NFD", text))
    return normalize("NFC", parted.translate(dict.fromkeys(map(ord, _GREEK_ACCENT))))
