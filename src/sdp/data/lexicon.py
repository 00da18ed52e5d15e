"""Where words come from: frequency lists, files, with licence and attribution."""

import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import regex

from sdp.errors import InputError, near

DEFAULT_WORDS = "wordfreq:en"
DEFAULT_TOP = 30_000
LENGTHS = (3, 20)
"""Shortest and longest word taken, in grapheme clusters."""

_TOP = regex.compile(r"[1-9][0-9]{0,8}")
_SHAPE = regex.compile(r"(?:\p{L}\p{M}*)+")

WORDFREQ_LICENCE = "CC BY-SA 4.0"
WORDFREQ_ATTRIBUTION = (
    "Word frequencies from wordfreq by Robyn Speer (https://doi.org/10.5281/zenodo.7199437), which draws on Wikipedia, "
    "OpenSubtitles (http://www.opensubtitles.org/), SUBTLEX, Google Books Ngrams, news, web text, Twitter and Reddit. "
    "It is case-folded: German ß is written ss, Arabic vowel marks are missing."
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Distinct words, most frequent first, and where they come from."""

    source: str
    """As given on the command line, made complete: ``wordfreq:en:30000``."""
    language: str
    """ISO 639-1."""
    words: tuple[str, ...]
    licence: str
    attribution: str
    origin_version: str
    """Of the package the words come from, or ``""``."""

    @property
    def hash(self) -> str:
        """Fingerprint of the words in their order, 16 hexadecimal digits."""
        return blake2b("\n".join(self.words).encode(), digest_size=8).hexdigest()


def load_lexicon(source: str, language: str) -> Lexicon:
    """Loads words.

    Args:
        source: ``wordfreq:LANG``, ``wordfreq:LANG:TOP`` (the TOP most frequent) or ``file:PATH`` (one word a line).
        language: Of the words in a file; a frequency list names its own.

    Raises:
        InputError: The source, the language or the file is not there, or holds no usable word.
    """
    kind, _, rest = source.partition(":")
    if kind == "wordfreq":
        return _from_wordfreq(rest)
    if kind == "file":
        return _from_file(Path(rest), language)
    raise InputError(
        f"unknown source of words '{source}'",
        where="--words",
        hint="wordfreq:en, wordfreq:en:50000 (the 50,000 most frequent) or file:PATH",
    )


def _from_wordfreq(rest: str) -> Lexicon:
    import wordfreq

    language, _, top_text = rest.partition(":")
    known = wordfreq.available_languages("best")
    if language not in known:
        raise InputError(f"wordfreq has no list for '{language}'", where="--words", hint=near(language, known))
    if top_text and not _TOP.fullmatch(top_text):
        raise InputError(f"'{top_text}' is not a number of words", where="--words", hint="such as wordfreq:en:50000")
    top = int(top_text) if top_text else DEFAULT_TOP
    words: dict[str, None] = {}
    for listed in wordfreq.iter_wordlist(language, "best"):
        if word := _usable(restore_final_sigma(listed) if language == "el" else listed):
            words[word] = None
            if len(words) == top:
                break
    return Lexicon(
        f"wordfreq:{language}:{top}",
        language,
        tuple(words),
        WORDFREQ_LICENCE,
        WORDFREQ_ATTRIBUTION,
        version("wordfreq"),
    )


def _from_file(path: Path, language: str) -> Lexicon:
    try:
        # Not utf-8-sig: it counts an error's place from behind the byte order mark.
        lines = path.read_bytes().decode().removeprefix("\ufeff").splitlines()
    except OSError as error:
        raise InputError(f"cannot read words from '{path}': {error.strerror}", where="--words") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"'{path}' is not UTF-8 text", where=f"{path}, byte {error.start}", hint="convert it"
        ) from error
    words = dict.fromkeys(word for line in lines if (word := _usable(line.strip())))
    if not words:
        raise InputError(
            f"'{path}' holds no usable word",
            where=str(path),
            hint=f"one word a line, letters only, {LENGTHS[0]} to {LENGTHS[1]} of them",
        )
    return Lexicon(f"file:{path.name}", language, tuple(words), "as given by the user", f"File {path.name}.", "")


def _usable(word: str) -> str | None:
    """Normalises a word to NFC; None if it is not all letters or too short or too long."""
    word = unicodedata.normalize("NFC", word)
    shortest, longest = LENGTHS
    if word.isascii():
        return word if word.isalpha() and shortest <= len(word) <= longest else None
    if not _SHAPE.fullmatch(word):
        return None
    return word if shortest <= len(regex.findall(r"\X", word)) <= longest else None


def restore_final_sigma(word: str) -> str:
    """Undoes what case folding does to Greek: a final ς that was written σ."""
    return word[:-1] + "ς" if word.endswith("σ") else word
