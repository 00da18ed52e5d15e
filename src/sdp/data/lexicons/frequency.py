"""Frequency lists of the wordfreq package: ``wordfreq:LANG``, ``wordfreq:LANG:TOP``, ``wordfreq:LANG:FROM-TO``."""

import gzip
import re
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from sdp.data.casing import restore_final_sigma
from sdp.data.lexicons.part import Part
from sdp.data.lexicons.usable import usable
from sdp.errors import InputError, ResourceError, near

DEFAULT_TOP = 30_000
LICENCE = "CC BY-SA 4.0"
ATTRIBUTION = (
    "Word frequencies from wordfreq by Robyn Speer (https://doi.org/10.5281/zenodo.7199437), which draws on Wikipedia, "
    "OpenSubtitles (http://www.opensubtitles.org/), SUBTLEX, Google Books Ngrams, news, web text, Twitter and Reddit. "
    "It is case-folded: German ß is written ss, Arabic vowel marks are missing."
)

_BAND = re.compile(r"(?:(?P<first>[1-9][0-9]{0,8})-)?(?P<last>[1-9][0-9]{0,8})", re.ASCII)
_MISFOLDED = "i\u0307"
"""What the Turkish İ becomes in small letters by the wrong language's rules: no word of any list."""


def load(rest: str) -> Part:
    """Loads a list, or a band of it.

    Args:
        rest: ``LANG``, ``LANG:TOP`` or ``LANG:FROM-TO``; ranks count usable words, from 1, both ends included.

    Raises:
        InputError: There is no such list, or no word in that band.
    """
    language, colon, band = rest.partition(":")
    check_language(language)
    first, last = _ranks(band) if colon else (1, DEFAULT_TOP)
    words = tuple(islice(usable_words(language), first - 1, last))
    source = f"wordfreq:{language}:{last}" if first == 1 else f"wordfreq:{language}:{first}-{last}"
    if not words:
        raise InputError(
            f"wordfreq has {sum(1 for _ in usable_words(language)):,} usable words of '{language}', none of the "
            f"ranks {first:,} to {last:,}",
            where="--words",
        )
    note = ""
    if colon and len(words) <= last - first:
        note = f"{source}: the list ends with {len(words):,} of the {last - first + 1:,} words asked for"
    return Part(source, language, words, LICENCE, ATTRIBUTION, f"wordfreq {version('wordfreq')}", note=note)


def check_language(language: str) -> None:
    """Makes sure that there is a list for a language.

    Raises:
        InputError: There is none.
    """
    known = languages()
    if language not in known:
        raise InputError(f"wordfreq has no list for '{language}'", where="--words", hint=near(language, known))


def languages() -> frozenset[str]:
    """Names the languages that there are lists for (ISO 639, ``fil`` among them)."""
    return frozenset(_files())


def usable_words(language: str) -> Iterator[str]:
    """Yields distinct words of a list, most frequent first."""
    seen: set[str] = set()
    for entry in entries(language):
        if (word := usable(entry)) and word not in seen and _MISFOLDED not in word:
            seen.add(word)
            yield word


def entries(language: str) -> Iterator[str]:
    """Yields everything that a list holds, most frequent first: words, numbers, signs.

    wordfreq's own reader wants a tenth of a second for imports, as long as everything else here together, and reads
    the whole list; this one stops with whoever asks. The format is described at `wordfreq.read_cBpack`.
    """
    import msgpack

    with gzip.open(_files()[language], "rb") as packed:
        unpacker = msgpack.Unpacker(packed, raw=False, read_size=1 << 16)
        n_bands = unpacker.read_array_header() - 1
        unpacker.skip()  # the header
        for _ in range(n_bands):
            if language == "el":
                yield from map(restore_final_sigma, unpacker.unpack())
            else:
                yield from unpacker.unpack()


def _files() -> dict[str, Path]:
    """Language → its list; the large one where there are two."""
    package = find_spec("wordfreq")
    if package is None or package.origin is None:
        raise ResourceError("the package wordfreq is not installed", hint="pip install wordfreq")
    folder = Path(package.origin).parent / "data"
    found = {}
    for size in ("small", "large"):
        for path in sorted(folder.glob(f"{size}_*.msgpack.gz")):
            found[path.name.removeprefix(f"{size}_").partition(".")[0]] = path
    return found


def _ranks(band: str) -> tuple[int, int]:
    """Reads ``TOP`` or ``FROM-TO``."""
    match = _BAND.fullmatch(band)
    if match is None:
        raise InputError(
            f"'{band}' is not a number of words",
            where="--words",
            hint="such as wordfreq:en:50000, or ranks, such as wordfreq:en:5001-20000",
        )
    first, last = int(match["first"] or 1), int(match["last"])
    if first > last:
        raise InputError(f"the band '{band}' is empty", where="--words", hint=f"wordfreq:LANG:{last}-{first}")
    return first, last
