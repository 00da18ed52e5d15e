"""Surface noise: the same phrasing in other case, other quotes, other punctuation; a field's letters stay as they are.

Each phrasing has a list of variants, the first as it is written. A data set that is made with noise draws one per row,
so that a model is measured on what it understands and not on a question mark.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

from sdp.errors import InputError, near
from sdp.templates.phrasing import Phrasing
from sdp.templates.plain import Segments
from sdp.templates.quotes import requoted

AS_WRITTEN: Final = "as written"
FACTORS: Final = ("case", "quotes", "punctuation")
EXACT_FAMILIES: Final = ("code",)
"""In a call or a command, case, quotes and marks carry the meaning."""

Change: TypeAlias = Callable[[Segments, str], Segments]
"""From segments and language to other segments."""

_MARKS: Final = ".?!:;…。？！：；؟۔।॥"
_OPENING: Final = {"?": "¿", "!": "¡"}
_SPACES: Final = " \u00a0\u202f"
_DOTTED_I: Final = ("tr", "az")
"""Languages in which i and ı are two letters, each with a capital of its own."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One surface of a phrasing."""

    name: str
    """What was changed, such as ``lower case, no quotes``."""
    segments: Segments | None
    """Text and fields in order; None where the phrasing is more than that."""


def variants(phrasing: Phrasing, factors: Sequence[str]) -> tuple[Variant, ...]:
    """Lists the surfaces of a phrasing.

    Args:
        phrasing: From `load_phrasings`.
        factors: Out of `FACTORS`; their changes are combined. The order does not matter.

    Returns:
        All that differ, the one as written first, then those with fewer changes before those with more. Only the first
        where the phrasing has conditions or loops, or is code.

    Raises:
        InputError: There is no such factor.
    """
    for factor in factors:
        if factor not in FACTORS:
            raise InputError(
                f"there is no noise called '{factor}'",
                where="--noise",
                hint=near(factor, FACTORS).replace("choices are", "noises are"),
            )
    found = {phrasing.segments: Variant(AS_WRITTEN, phrasing.segments)}
    if phrasing.segments is None or phrasing.family in EXACT_FAMILIES:
        return tuple(found.values())
    # Punctuation looks at marks that changes of case leave alone, and quotes at what stands right beside a field.
    choices = [(None, *_CHANGES[factor]) for factor in FACTORS if factor in factors]
    combined = [[name for name in names if name] for names in product(*choices)]
    for names in sorted(combined, key=len):
        segments = phrasing.segments
        for name in names:
            segments = _CHANGE_OF[name](segments, phrasing.language)
        if segments:  # a question mark alone would leave nothing
            found.setdefault(segments, Variant(", ".join(names), segments))
    return tuple(found.values())


def lower(text: str, language: str) -> str:
    """Writes text in lower case as the language does: in Turkish, I becomes ı."""
    if _base(language) in _DOTTED_I:
        text = text.replace("İ", "i").replace("I", "ı")
    return text.lower()


def upper(text: str, language: str) -> str:
    """Writes text in capitals as the language does: in Turkish, i becomes İ."""
    if _base(language) in _DOTTED_I:
        text = text.replace("i", "İ")
    return text.upper()


def _base(language: str) -> str:
    return language.replace("-", "_").partition("_")[0].lower()


def _each_text(segments: Segments, change: Callable[[str], str]) -> Segments:
    return tuple((value if is_field else change(value), is_field) for value, is_field in segments)


def _lower_case(segments: Segments, language: str) -> Segments:
    return _each_text(segments, lambda text: lower(text, language))


def _upper_case(segments: Segments, language: str) -> Segments:
    return _each_text(segments, lambda text: upper(text, language))


def _lower_start(segments: Segments, language: str) -> Segments:
    """Begins with a small letter, if the phrasing begins with a letter of its own."""
    (text, is_field), *rest = segments
    at = next((i for i, char in enumerate(text) if char.isalpha()), len(text))
    if is_field or at == len(text):
        return segments
    return (text[:at] + lower(text[at], language) + text[at + 1 :], False), *rest


def _at_end(segments: Segments, change: Callable[[str, str, str], str]) -> Segments:
    """Changes the last mark: `change` is given the text before it, the spaces before it, and the mark."""
    *rest, (text, is_field) = segments
    if is_field or text[-1] not in _MARKS:
        return segments
    head = text[:-1].rstrip(_SPACES)
    made = change(head, text[len(head) : -1], text[-1])
    return (*rest, (made, False)) if made else tuple(rest)


def _no_mark(segments: Segments, language: str) -> Segments:
    return _at_end(_no_opening(segments, language), lambda head, space, mark: head.rstrip(mark))  # noqa: ARG005  (the space goes)


def _no_opening(segments: Segments, language: str) -> Segments:
    """Leaves out the ¿ that belongs to the last mark, as people do when they type."""
    del language
    opening = _OPENING.get(segments[-1][0][-1:])
    if opening is None or segments[-1][1]:
        return segments
    for i in reversed(range(len(segments))):
        text, is_field = segments[i]
        if not is_field and opening in text:
            before, _, after = text.rpartition(opening)
            kept = ((before + after, False),) if before + after else ()
            return (*segments[:i], *kept, *segments[i + 1 :])
    return segments


def _doubled_mark(segments: Segments, language: str) -> Segments:
    del language
    return _at_end(segments, lambda head, space, mark: head + space + mark + mark)


def _space_before_mark(segments: Segments, language: str) -> Segments:
    del language
    return _at_end(segments, lambda head, space, mark: head + (space or " ") + mark)


def _no_space_before_mark(segments: Segments, language: str) -> Segments:
    del language
    return _at_end(segments, lambda head, space, mark: head + mark)  # noqa: ARG005  (the space goes)


def _quotes(kind: str) -> Change:
    return lambda segments, language: requoted(segments, kind, _base(language))


_CHANGES: Final[dict[str, dict[str, Change]]] = {
    "case": {"lower case": _lower_case, "lower start": _lower_start, "upper case": _upper_case},
    "quotes": {
        "straight quotes": _quotes("straight"),
        "single quotes": _quotes("single"),
        "typographic quotes": _quotes("typographic"),
        "no quotes": _quotes("none"),
    },
    "punctuation": {
        "no final mark": _no_mark,
        "doubled mark": _doubled_mark,
        "space before mark": _space_before_mark,
        "no space before mark": _no_space_before_mark,
        "no opening mark": _no_opening,
    },
}
_CHANGE_OF: Final = {name: change for changes in _CHANGES.values() for name, change in changes.items()}
