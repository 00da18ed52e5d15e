"""Which characters texts hold, found in their bytes: most texts are plain, and that must be cheap to see."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

DELETE = 0x7F
HIGH_BITS = np.uint64(0x8080808080808080)
RARE = 64
"""One in eight groups of eight bytes; where more of them are not ASCII, every byte is looked at at once."""
FIRST_BYTES = ((0xC0, 0xE0, 0x1F), (0xE0, 0xF0, 0x0F), (0xF0, 0xF8, 0x07))
"""Of characters of two, three and four bytes (RFC 3629): from, below, and the bits that count."""

KINDS = {
    "control": regex.compile(r"\p{Cc}"),
    "format": regex.compile(r"\p{Cf}"),
    "private-use": regex.compile(r"\p{Co}"),
    "unassigned": regex.compile(r"\p{Cn}"),
    "separator": regex.compile(r"[\p{Zl}\p{Zp}]"),
}
"""What has no place in a text. (The regex package knows a newer Unicode than an older Python, so that the verdict does
not depend on Python's version.)"""
COMPOSING = regex.compile(r"[\p{M}\u1100-\u11FF]")
"""Marks and single Hangul jamo: what may combine with the character before it."""


def text_bytes(texts: pa.StringArray) -> npt.NDArray[np.uint8]:
    """Gives the UTF-8 of all texts, one behind the other."""
    _, ends, data = texts.buffers()
    if data is None or ends is None or not len(texts):
        return np.empty(0, dtype=np.uint8)
    offsets = np.frombuffer(ends, dtype=np.int32)
    start, stop = offsets[texts.offset], offsets[texts.offset + len(texts)]
    return np.frombuffer(data, dtype=np.uint8)[start:stop]


def is_printable_ascii(data: npt.NDArray[np.uint8]) -> bool:
    """Tells whether there is nothing but space to tilde."""
    signed = data.view(np.int8)  # what is not ASCII is negative
    return not signed.size or bool(signed.min() >= ord(" ") and signed.max() <= ord("~"))


def distinct(data: npt.NDArray[np.uint8]) -> list[int]:
    """Lists the characters that occur and are not printable ASCII.

    Args:
        data: Valid UTF-8.

    Returns:
        Code points, rising.
    """
    special = _special(data)
    values = data[special]
    found = set(np.flatnonzero(np.bincount(values[values < ord(" ")])).tolist())
    if data.size and data.view(np.int8).max() == DELETE:
        found.add(DELETE)
    for n_more, (least, beyond, bits) in enumerate(FIRST_BYTES, start=1):
        first = special[(values >= least) & (values < beyond)]
        points = (data[first] & bits).astype(np.int32)
        for place in range(1, n_more + 1):
            points = points << 6 | (data[first + place] & 0x3F)
        found.update(np.flatnonzero(np.bincount(points)).tolist())
    return sorted(found)


def _special(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.intp]:
    """Finds control characters and every byte of what is not ASCII.

    Eight bytes at a time where there are no control characters, for most texts of an accent here and there are ASCII.
    """
    signed = data.view(np.int8)
    n_whole = data.size - data.size % 8
    if data.size and data.min() >= ord(" "):
        eights = np.flatnonzero(data[:n_whole].view(np.uint64) & HIGH_BITS)
        if len(eights) * RARE < data.size:
            near = (eights[:, None] * 8 + np.arange(8)).ravel()
            places = np.append(near, np.arange(n_whole, data.size))
            return places[signed[places] < 0]
    return np.flatnonzero(signed < ord(" "))


@lru_cache(maxsize=1 << 16)
def kind_of(point: int) -> str | None:
    """Says what is wrong with a character by itself: one of KINDS, or None."""
    return next((kind for kind, pattern in KINDS.items() if pattern.match(chr(point))), None)


@lru_cache(maxsize=1 << 16)
def may_compose(point: int) -> bool:
    """Tells whether a text with this character may not be in NFC: all others are the same in every order and form."""
    import unicodedata

    return bool(COMPOSING.match(chr(point))) or not unicodedata.is_normalized("NFC", chr(point))
