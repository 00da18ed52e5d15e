"""Finds the line of a key in a TOML text: tomllib, the standard library's reader, does not keep it."""

import re
import tomllib
from typing import Any


def line_of(text: str, path: tuple[str, ...]) -> int:
    """Finds where a key is first written.

    A statement ends at the first line up to which the text is valid TOML and knows the key; it begins after the last
    line before that up to which the text was valid. So tables, dotted keys, inline tables, strings over several lines
    and comments need no treatment of their own.

    Args:
        text: Valid TOML.
        path: The key and the tables around it, outermost first.

    Returns:
        Line number, from 1.

    Raises:
        KeyError: The text has no such key.
    """
    lines = text.splitlines(keepends=True)
    start = 0
    for end in range(1, len(lines) + 1):
        try:
            tables = tomllib.loads("".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        if _has(tables, path):
            return start + 1
        start = end
    raise KeyError(path)


def line_of_syntax_error(text: str, error: tomllib.TOMLDecodeError) -> int:
    """Finds the line that tomllib's message names.

    Args:
        text: What could not be read.
        error: What tomllib raised; it has no attribute for the line before Python 3.14.

    Returns:
        Line number, from 1; the last line where the message says "at end of document".
    """
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else max(1, len(text.splitlines()))


def _has(tables: Any, path: tuple[str, ...]) -> bool:
    for key in path:
        if not isinstance(tables, dict) or key not in tables:
            return False
        tables = tables[key]
    return True
