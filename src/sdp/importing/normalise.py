"""The same text in the same characters: NFC, plain spaces, plain line ends, nothing that nobody sees."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.validators.code_points import distinct, is_printable_ascii, kind_of, may_compose, text_bytes

LINE_ENDS = ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")
"""All become a line feed, the longest first."""
SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F)
"""Become a space. The ideographic space, U+3000, stays: it is as wide as a letter there."""
KEPT = (0x200C, 0x200D, *range(0xE0020, 0xE0080))
"""Joiners and tags: parts of letters and flags, but not behind ASCII."""
STRAY = r"(^|[\x00-\x7F])[\x{200C}\x{200D}]+"
STRAY_TAGS = r"(^|[^\x{1F3F4}\x{E0020}-\x{E007F}])[\x{E0020}-\x{E007F}]+"
LINE_FEED = ord("\n")


def normalised(texts: pa.StringArray) -> pa.StringArray:
    """Normalises texts; what is private use or not assigned stays, for nobody knows what it means.

    Args:
        texts: Any; nulls stay null.
    """
    data = text_bytes(texts)
    if not is_printable_ascii(data):
        texts = _characters(texts, distinct(data))
    if _has(texts, " \n") or _has(texts, "\t\n"):
        texts = pc.replace_substring_regex(texts, r"[ \t]+\n", "\n")
    return pc.utf8_trim_whitespace(texts)


def _has(texts: pa.StringArray, part: str) -> bool:
    return bool(pc.any(pc.match_substring(texts, part)).as_py())


def _characters(texts: pa.StringArray, points: list[int]) -> pa.StringArray:
    """Replaces characters, of which only those are looked for that occur."""
    for end in LINE_ENDS:
        if ord(end[0]) in points:
            texts = pc.replace_substring(texts, end, "\n")
    for point in points:
        if point in SPACES:
            texts = pc.replace_substring(texts, chr(point), " ")
    ends = {ord(end[-1]) for end in LINE_ENDS}
    gone = [p for p in points if p not in (LINE_FEED, ord("\t"), *KEPT, *ends) and kind_of(p) in ("control", "format")]
    if gone:
        listed = "".join(rf"\x{{{point:X}}}" for point in gone)
        texts = pc.replace_substring_regex(texts, f"[{listed}]", "")
    if any(point in KEPT for point in points):
        texts = pc.replace_substring_regex(texts, STRAY, r"\1")
        texts = pc.replace_substring_regex(texts, STRAY_TAGS, r"\1")
    if any(map(may_compose, points)):
        texts = pc.utf8_normalize(texts, "NFC")
    return texts


def changed(before: pa.Array, after: pa.Array) -> npt.NDArray[np.bool_]:
    """Tells which texts are others now, (n,)."""
    return np.asarray(pc.fill_null(pc.not_equal(before, after), False))  # noqa: FBT003  (pyarrow's signature)
