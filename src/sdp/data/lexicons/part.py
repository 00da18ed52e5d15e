"""One source of words, loaded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skipped:
    """Lines of a file that hold something, but no word."""

    n_lines: int
    line: int
    """Number of the first, from 1."""
    text: str
    """Of the first; the beginning, if it is long."""
    why: str
    """Of the first."""


@dataclass(frozen=True, slots=True)
class Part:
    """Distinct words of one source, and what is to be said of them."""

    source: str
    """As given on the command line, made complete: ``wordfreq:en:30000``."""
    language: str
    """ISO 639-1; the words are stemmed by its rules."""
    words: tuple[str, ...]
    licence: str
    attribution: str
    origin_version: str
    """Of the package or file the words come from, or ``""``."""
    skipped: Skipped | None = None
    note: str = ""
    """What a user should know of the words, one sentence without a full stop, or ``""``."""
