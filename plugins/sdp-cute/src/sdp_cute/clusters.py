"""How the oracles read letters: out of the word itself, not out of the table that the generators use."""

from functools import lru_cache

import regex

_CLUSTER = regex.compile(r"\X")


@lru_cache(maxsize=1 << 16)
def clusters(text: str) -> tuple[str, ...]:
    """Splits a text into its letters: grapheme clusters, so that 'e' is not found inside 'é'."""
    return tuple(text) if text.isascii() else tuple(_CLUSTER.findall(text))
