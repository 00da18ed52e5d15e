"""Quotation marks around fields: which there are, and how to put others."""

from typing import Final

from sdp.templates.plain import Segments

_PAIRS: Final = {
    '"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "‚": "‘", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』",
    "`": "`",
}  # fmt: skip
"""Opening mark to closing mark, as phrasings may have them."""
_CLOSING: Final = {"„": "“”", "‚": "‘’", "”": "”"}
"""Where more than one mark may close."""
_TYPOGRAPHIC: Final = {
    "cs": "„“", "da": "»«", "de": "„“", "el": "«»", "es": "«»", "fi": "””", "fr": "«»", "hu": "„”", "it": "«»",
    "ja": "「」", "nb": "«»", "no": "«»", "pl": "„”", "pt": "«»", "ro": "„”", "ru": "«»", "sk": "„“", "sv": "””",
    "uk": "«»", "zh": "“”",
}  # fmt: skip
"""The language's own marks; “…” in all others."""
_INSIDE: Final = {"fr": "\u00a0"}
"""A space that may not break stands inside French quotes."""
_SPACES: Final = " \u00a0\u202f"


def requoted(segments: Segments, kind: str, language: str) -> Segments:
    """Puts other quotes around every field that has some.

    Args:
        segments: Of a phrasing.
        kind: ``straight``, ``single``, ``typographic`` or ``none``.
        language: Two letters; says which marks are typographic.

    Returns:
        The segments with other texts. A field whose quotes hold it apart from a letter or another field keeps them
        where they would go without a trace.
    """
    texts = [value for value, _ in segments]
    for i, (_, is_field) in enumerate(segments):
        if is_field and 0 < i < len(segments) - 1 and not (segments[i - 1][1] or segments[i + 1][1]):
            texts[i - 1], texts[i + 1] = _changed(segments, texts, i, kind, language)
    return tuple((text, is_field) for text, (_, is_field) in zip(texts, segments, strict=True) if text)


def _changed(segments: Segments, texts: list[str], i: int, kind: str, language: str) -> tuple[str, str]:
    """The texts before and after field `i`, with other quotes if they have any."""
    before, after = texts[i - 1], texts[i + 1]
    head, tail = before.rstrip(_SPACES), after.lstrip(_SPACES)
    opening = head[-1:]
    spaced = len(head) < len(before)
    closing = _CLOSING.get(opening, _PAIRS.get(opening, ""))
    if not tail or tail[0] not in closing or not closing:
        return before, after
    # « x » has spaces inside; any other quote with a space beside it belongs to something else.
    if (spaced or len(tail) < len(after)) and opening not in "«‹":
        return before, after
    head, tail = head[:-1], tail[1:]
    if kind == "none":
        fine = _apart(head, last=True, edge=i == 1) and _apart(tail, last=False, edge=i == len(segments) - 2)
        return (head, tail) if fine else (before, after)
    left, right = _marks(kind, language)
    return head + left, right + tail


def _marks(kind: str, language: str) -> tuple[str, str]:
    if kind != "typographic":
        return ('"', '"') if kind == "straight" else ("'", "'")
    marks = _TYPOGRAPHIC.get(language, "“”")
    inside = _INSIDE.get(language, "")
    return marks[0] + inside, inside + marks[1]


def _apart(text: str, *, last: bool, edge: bool) -> bool:
    """Whether a field beside this text can be told from it without quotes."""
    if not text:
        return edge
    char = text[-1] if last else text[0]
    return not char.isalnum() and char not in _PAIRS and char not in _PAIRS.values()
