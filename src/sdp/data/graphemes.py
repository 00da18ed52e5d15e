"""Letters as people see them: grapheme clusters (UAX #29), not code points."""

import unicodedata
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

_CLUSTER = regex.compile(r"\X")
_PLAIN = regex.compile(r"[\p{GCB=Other}\p{GCB=LV}\p{GCB=LVT}\n]*")
"""Texts in which every code point is a letter of its own: nothing in them joins with what stands before it."""

_TOP_BITS, _CONTINUES = 0b1100_0000, 0b1000_0000
"""In UTF-8 every byte of a code point but its first is 10xxxxxx."""

Numbers = npt.NDArray[np.int64]


def graphemes(text: str) -> list[str]:
    """Splits a text into its letters, after NFC normalisation: ``"é"`` is one, however it was typed."""
    text = unicodedata.normalize("NFC", text)
    return list(text) if text.isascii() else _CLUSTER.findall(text)


def grapheme_lists(words: Iterable[str]) -> pa.ListArray:
    """Splits many words, list<string>."""
    words = list(words)
    text = unicodedata.normalize("NFC", "\n".join(words))  # a line break joins with nothing
    if "\r" in text or text.count("\n") != len(words) - 1:  # a word has a line break in it
        return pa.array([graphemes(word) for word in words], pa.list_(pa.string()))
    data = np.frombuffer(text.encode(), np.uint8)
    starts = _letter_starts(text, data)  # (n_letters + n_breaks,)
    breaks = np.flatnonzero(data[starts] == ord("\n"))
    lists = np.concatenate(([0], breaks - np.arange(len(breaks)), [len(starts) - len(breaks)]))
    letters = np.append(np.delete(starts - np.searchsorted(breaks, np.arange(len(starts))), breaks), _n_bytes(data))
    values = pa.StringArray.from_buffers(
        len(letters) - 1, pa.py_buffer(letters.astype(np.int32)), pa.py_buffer(data[data != ord("\n")])
    )
    return pa.ListArray.from_arrays(pa.array(lists, pa.int32()), values)


def _letter_starts(text: str, data: npt.NDArray[np.uint8]) -> Numbers:
    """Finds the bytes at which letters begin, line breaks among them."""
    if text.isascii():
        return np.arange(len(data))
    if _PLAIN.fullmatch(text):
        return np.flatnonzero((data & _TOP_BITS) != _CONTINUES)
    lengths = np.array([len(letter.encode()) for letter in _CLUSTER.findall(text)], np.int64)
    return np.cumsum(lengths) - lengths


def _n_bytes(data: npt.NDArray[np.uint8]) -> int:
    """Counts the bytes without line breaks."""
    return int(np.count_nonzero(data != ord("\n")))
