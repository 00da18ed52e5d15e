"""Which parts of a prompt may be changed: not what it asks about, not its answer, not what stands in quotes."""

import re
from collections.abc import Iterator, Sequence

_QUOTED = r"\"[^\"\n]*\"|“[^”\n]*”|„[^“\n]*“|«[^»\n]*»|`[^`]*`|(?<!\w)'[^'\n]*'(?!\w)|(?<!\w)‘[^’\n]*’(?!\w)"
_FIXED = r"https?://\S+|\S*\d\S*|\S*[=<>{}\\|_/^$]\S*"
"""Addresses, numbers, formulas, names in code."""


def pieces(prompt: str, kept: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Cuts a prompt into parts.

    Args:
        prompt: The question.
        kept: Texts that must not be touched.

    Yields:
        Each part, and whether it may be changed.
    """
    wanted = sorted({re.escape(text) for text in kept if text.strip()}, key=len, reverse=True)
    # A single letter is kept where it stands alone; every "a" of a prompt would leave nothing to change.
    words = [rf"(?<!\w){text}(?!\w)" for text in wanted]
    pattern = re.compile("|".join([*words, _QUOTED, _FIXED]))
    end = 0
    for match in pattern.finditer(prompt):
        if match.start() > end:
            yield prompt[end : match.start()], True
        yield match[0], False
        end = match.end()
    if end < len(prompt):
        yield prompt[end:], True


def is_code(prompt: str) -> bool:
    """Tells whether a prompt holds a block of code, in which every character counts."""
    return "```" in prompt
