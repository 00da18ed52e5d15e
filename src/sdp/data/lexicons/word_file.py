"""A user's words: ``file:PATH`` or ``file:LANG:PATH``, one word a line, as it is written."""

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path

from sdp.data.lexicons.language_codes import known_languages
from sdp.data.lexicons.part import Part, Skipped
from sdp.data.lexicons.usable import LENGTHS, fault, usable
from sdp.errors import InputError, near

_WITH_LANGUAGE = re.compile(r"(?P<language>[a-z]{2,3}):(?P<path>.+)", re.DOTALL)
_LONGEST_SHOWN = 40
"""Characters of a skipped line that are kept."""


def load(rest: str, language: str) -> Part:
    """Loads a file.

    Args:
        rest: ``PATH`` or ``LANG:PATH``.
        language: Of the words, unless `rest` names it.

    Raises:
        InputError: The file cannot be read, is not UTF-8 or holds no word, or there is no such language.
    """
    path, source = Path(rest).expanduser(), f"file:{Path(rest).name}"
    if named := _WITH_LANGUAGE.fullmatch(rest):
        language, path = named["language"], Path(named["path"]).expanduser()
        source = f"file:{language}:{path.name}"
        _check_language(language, rest)
    words, skipped = _words(_lines(path))
    if not words:
        raise InputError(
            f"'{path}' holds no usable word",
            where=str(path) if skipped is None else f"{path}:{skipped.line}: {skipped.text!r}: {skipped.why}",
            hint=f"one word a line, letters only, {LENGTHS[0]} to {LENGTHS[1]} of them",
        )
    note = "" if skipped is None else _note(path.name, skipped)
    return Part(source, language, words, "as given by the user", f"File {path.name}.", "", skipped, note)


def _check_language(language: str, rest: str) -> None:
    known = known_languages()
    if language not in known:
        raise InputError(
            f"there is no language '{language}'",
            where=f"--words file:{rest}",
            hint=f"{_near_codes(language, known)}; a path that begins like this is written file:./{rest}",
        )


def _near_codes(language: str, known: Collection[str]) -> str:
    """There are too many codes to list them all."""
    close = get_close_matches(language, sorted(known), n=5)
    return near(language, close) if close else "two letters (ISO 639-1), such as de or tr"


def _lines(path: Path) -> list[str]:
    """Reads a text file, whatever editor wrote it."""
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot read words from '{path}': {reason}", where="--words") from error
    try:
        # Not utf-8-sig: it counts an error's place from behind the byte order mark.
        text = content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        raise InputError(
            f"'{path}' is not UTF-8 text: byte 0x{content[error.start]:02x}",
            where=f"{path}:{line}",
            hint=f"convert it: iconv -f {_likely_encoding(content)} -t UTF-8",
        ) from error
    # Not splitlines: editors do not count its vertical tabs and paragraph signs as lines.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _likely_encoding(content: bytes) -> str:
    return "UTF-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "ISO-8859-1"


def _words(lines: Sequence[str]) -> tuple[tuple[str, ...], Skipped | None]:
    """Takes the words; counts the lines that hold something else, and keeps the first of them."""
    words: dict[str, None] = {}
    n_skipped, first = 0, None
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if word := usable(text):
            words[word] = None
        elif text:
            n_skipped += 1
            first = first or (number, text)
    if first is None:
        return tuple(words), None
    number, text = first
    return tuple(words), Skipped(n_skipped, number, text[:_LONGEST_SHOWN], fault(text))


def _note(name: str, skipped: Skipped) -> str:
    if skipped.n_lines == 1:
        return f"{name}: 1 line is no word and was skipped, line {skipped.line}, {skipped.text!r}: {skipped.why}"
    return (
        f"{name}: {skipped.n_lines:,} lines are no words and were skipped, "
        f"the first is line {skipped.line}, {skipped.text!r}: {skipped.why}"
    )
