"""Letters as people see them: grapheme clusters (UAX #29), not code points."""

import unicodedata
from collections.abc import Iterable

import pyarrow as pa
import regex

_CLUSTER = regex.compile(r"\X")


def graphemes(text: str) -> list[str]:
    """Splits a text into its letters, after NFC normalisation: ``"é"`` is one, however it was typed."""
    text = unicodedata.normalize("NFC", text)
    return list(text) if text.isascii() else _CLUSTER.findall(text)


def grapheme_lists(words: Iterable[str]) -> pa.ListArray:
    """Splits many words, list<string>."""
    return pa.array([graphemes(word) for word in words], pa.list_(pa.string()))
