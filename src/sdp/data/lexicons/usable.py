"""What counts as a word: letters only, neither too short nor too long."""

import unicodedata

import regex

LENGTHS = (3, 20)
"""Shortest and longest word taken, in grapheme clusters."""

_SHAPE = regex.compile(r"(?:\p{L}\p{M}*)+")
_CLUSTER = regex.compile(r"\X")
_FOREIGN = regex.compile(r"[^\p{L}\p{M}]")


def usable(word: str) -> str | None:
    """Normalises a word to NFC; None if it is not all letters or too short or too long."""
    shortest, longest = LENGTHS
    if word.isascii():
        return word if word.isalpha() and shortest <= len(word) <= longest else None
    word = unicodedata.normalize("NFC", word)
    if not _SHAPE.fullmatch(word):
        return None
    return word if shortest <= len(_CLUSTER.findall(word)) <= longest else None


def fault(text: str) -> str:
    """Says why `usable` refuses a text."""
    text = unicodedata.normalize("NFC", text)
    if foreign := _FOREIGN.search(text):
        char = foreign[0]
        name = unicodedata.name(char, "without a name").lower()
        return f"U+{ord(char):04X} ({name}) is not a letter"
    if not _SHAPE.fullmatch(text):
        return "it begins with a mark that no letter carries"
    n, (shortest, longest) = len(_CLUSTER.findall(text)), LENGTHS
    return f"{n} letter{'' if n == 1 else 's'}, a word has {shortest} to {longest}"
