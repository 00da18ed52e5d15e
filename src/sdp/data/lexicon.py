"""Where words come from: one source or several, with licence and attribution."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from sdp.data.lexicons.part import Part, Skipped
from sdp.errors import InputError, near

DEFAULT_WORDS = "wordfreq:en"

_PREFIX = re.compile(r"([A-Za-z]+):")
_WITH_PATH = ("file:", "tokenizer:")
"""Kinds whose rest may have a + in it."""
_HINT = "wordfreq:en, wordfreq:en:50000, faker:en_US, pseudo:en, file:PATH, tokenizer:MODEL, or several joined by +"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Distinct words, most frequent first, and where they come from."""

    source: str
    """As given on the command line, made complete: ``wordfreq:en:30000``."""
    language: str
    """ISO 639-1; of the first part, where there are several."""
    words: tuple[str, ...]
    licence: str
    attribution: str
    origin_version: str
    """Of the packages the words come from, or ``""``."""
    parts: tuple[Part, ...] = ()
    """Sources in the order given, each without the words of those before it; none for words given in memory."""

    @classmethod
    def of(cls, parts: Sequence[Part]) -> "Lexicon":
        """Joins parts; the first that has a word keeps it."""
        own = tuple(_without_repeats(parts))
        return cls(
            "+".join(part.source for part in own),
            own[0].language,
            tuple(word for part in own for word in part.words),
            "; ".join(dict.fromkeys(part.licence for part in own)),
            " ".join(dict.fromkeys(part.attribution for part in own)),
            ", ".join(dict.fromkeys(part.origin_version for part in own if part.origin_version)),
            own,
        )

    @property
    def hash(self) -> str:
        """Fingerprint of the words in their order, 16 hexadecimal digits."""
        return blake2b("\n".join(self.words).encode(), digest_size=8).hexdigest()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the words, in the order of the parts, each once."""
        return tuple(dict.fromkeys(part.language for part in self.parts)) or (self.language,)

    @property
    def n_skipped(self) -> int:
        """Lines of files that hold something, but no word."""
        return sum(part.skipped.n_lines for part in self.parts if part.skipped)

    @property
    def first_skipped(self) -> Skipped | None:
        """The first of those lines."""
        return next((part.skipped for part in self.parts if part.skipped), None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of the words: lines that were skipped, lists that ended early."""
        return tuple(part.note for part in self.parts if part.note)

    def by_language(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yields all words in their order, in runs of one language."""
        if not self.parts:
            yield self.language, self.words
        for part in self.parts:
            yield part.language, part.words


def load_lexicon(source: str, language: str) -> Lexicon:
    """Loads words.

    Args:
        source: One of these, or several joined by ``+``:
            ``wordfreq:LANG``, ``wordfreq:LANG:TOP`` (the TOP most frequent), ``wordfreq:LANG:FROM-TO`` (these ranks);
            ``faker:LOCALE``; ``pseudo:LANG``, ``pseudo:LANG:N`` (words that do not exist);
            ``file:PATH``, ``file:LANG:PATH`` (one word a line);
            ``tokenizer:MODEL`` (whole words of its vocabulary; a folder or a hub name).
        language: Of the words in a file or a vocabulary; the other kinds name their own.

    Returns:
        At least one word.

    Raises:
        InputError: A source, a language or a file is not there, or holds no usable word.
        ResourceError: The hub cannot be reached for a tokenizer.
    """
    texts = split_sources(source)
    parts: dict[int, Part] = {}
    # Pseudo-words come last: they keep out of the way of all others.
    for i in sorted(range(len(texts)), key=lambda i: texts[i].startswith("pseudo:")):
        parts[i] = _part(texts[i], language, [word for part in parts.values() for word in part.words])
    lexicon = Lexicon.of([parts[i] for i in range(len(texts))])
    if not lexicon.words:
        raise InputError(f"'{source}' holds no usable word", where="--words", hint=_HINT)
    return lexicon


def split_sources(source: str) -> list[str]:
    """Takes sources apart at ``+``; one that stands in a path stays there."""
    texts: list[str] = []
    for piece in source.split("+"):
        if texts and texts[-1].startswith(_WITH_PATH) and not _PREFIX.match(piece):
            texts[-1] += f"+{piece}"
        else:
            texts.append(piece)
    return texts


def _part(text: str, language: str, others: Sequence[str]) -> Part:
    """Loads one source; each kind imports what it needs."""
    kind, colon, rest = text.partition(":")
    loaders: dict[str, Callable[[], Part]] = {
        "faker": lambda: _faker(rest),
        "file": lambda: _file(rest, language),
        "pseudo": lambda: _pseudo(rest, others),
        "tokenizer": lambda: _tokenizer(rest, language),
        "wordfreq": lambda: _wordfreq(rest),
    }
    if kind not in loaders or not colon:
        hint = f"file:{text}" if Path(text).is_file() else f"{near(kind, loaders)}; such as {_HINT}"
        raise InputError(f"unknown source of words '{text}'", where="--words", hint=hint)
    return loaders[kind]()


def _wordfreq(rest: str) -> Part:
    from sdp.data.lexicons import frequency

    return frequency.load(rest)


def _faker(rest: str) -> Part:
    from sdp.data.lexicons import faker_locale

    return faker_locale.load(rest)


def _pseudo(rest: str, others: Sequence[str]) -> Part:
    from sdp.data.lexicons import pseudo

    return pseudo.load(rest, others)


def _file(rest: str, language: str) -> Part:
    from sdp.data.lexicons import word_file

    return word_file.load(rest, language)


def _tokenizer(rest: str, language: str) -> Part:
    from sdp.data.lexicons import vocabulary

    return vocabulary.load(rest, language)


def _without_repeats(parts: Sequence[Part]) -> Iterator[Part]:
    seen: set[str] = set()
    for part in parts:
        words = part.words if not seen else tuple(word for word in part.words if word not in seen)
        note = part.note
        if part.words and not words:
            note = f"{part.source}: all its words are in the parts before it"
        seen.update(words)
        yield replace(part, words=words, note=note)
