"""Phrasings that are only text and ``{{ field }}``, as nearly all are: read without Jinja.

Importing Jinja takes longer than everything else that loading phrasings does. Whatever is not as plain as can be is
left to `sandbox`; a test compares the two.
"""

import re
from typing import Final, TypeAlias

Segments: TypeAlias = tuple[tuple[str, bool], ...]
"""Text and fields in order, as (text or name, is a field); no two texts follow each other, none is empty."""

MAX_TEXT: Final = 10_000
"""Characters of a phrasing, and of a rendered prompt."""

_FIELD: Final = re.compile(r"\{\{ *([A-Za-z][A-Za-z0-9_]*) *\}\}")
_OPENERS: Final = re.compile(r"\{[{%#]")
_WORDS_OF_JINJA: Final = (
    "and", "as", "block", "context", "do", "else", "false", "False", "if", "import", "in", "is", "loop", "none", "None",
    "not", "or", "recursive", "self", "super", "true", "True", "with", "without",
)  # fmt: skip
"""What Jinja does not take for a field's name, or takes for more than that."""


def plain_segments(text: str) -> Segments | None:
    """Reads a phrasing that needs no Jinja.

    Args:
        text: The phrasing.

    Returns:
        Its segments; None where Jinja must look at it.
    """
    # Jinja rewrites carriage returns and takes the last line end away.
    if not text or len(text) > MAX_TEXT or "\r" in text or text.endswith("\n") or _has_surrogate(text):
        return None
    found: list[tuple[str, bool]] = []
    for i, part in enumerate(_FIELD.split(text)):
        is_field = i % 2 == 1
        if (part in _WORDS_OF_JINJA) if is_field else _OPENERS.search(part):
            return None
        if part:
            found.append((part, is_field))
    # A brace right before a field would be read with the field's: "{{{ word }}".
    if any(not is_field and value.endswith("{") for value, is_field in found):
        return None
    return tuple(found)


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
