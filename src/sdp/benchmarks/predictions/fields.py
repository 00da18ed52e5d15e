"""Which field of a record holds what: the one that is named, or the only one of the usual names."""

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

import regex

from sdp.errors import InputError, near

PREDICTION: Final = ("prediction", "pred", "output", "response", "generation", "generated_text", "model_output")
REFERENCE: Final = ("answer", "reference", "target", "gold", "expected")
ID: Final = ("id", "question_id", "example_id", "sample_id", "uid")
PROMPT: Final = ("prompt", "question", "input", "instruction")
_HALF_PAIR = regex.compile(r"[\ud800-\udfff]")
_NONE = object()


def choose(
    record: Mapping[str, Any], wanted: str | None, usual: Sequence[str], *, what: str, option: str, where: str
) -> str | None:
    """Finds the field that holds something.

    Args:
        record: The first record of a file.
        wanted: Its name, if it was given; dots lead into objects and lists: ``choices.0.text``.
        usual: Names that such a field often has.
        what: What is looked for, for people.
        option: What names it.
        where: File and line.

    Returns:
        The field; None where none was named and none has a usual name.

    Raises:
        InputError: There is no field of that name, or several have a usual name.
    """
    if wanted is not None:
        if _value(record, wanted) is _NONE:
            raise InputError(f"no field '{wanted}' in the record", where=where, hint=_fields(record, wanted))
        return wanted
    found = [name for name in usual if name in record]
    if len(found) > 1:
        listed = " and ".join(f"'{name}'" for name in found)
        raise InputError(f"{listed} may all hold the {what}", where=where, hint=f"name one with {option}")
    return found[0] if found else None


def choose_id(record: Mapping[str, Any], wanted: str | None, where: str) -> str | None:
    """Finds the field that holds the id; one that is called just that goes before all others. See `choose`."""
    usual = ID[:1] if ID[0] in record else ID
    return choose(record, wanted, usual, what="id", option="--id", where=where)


def id_at(record: Mapping[str, Any], field: str, where: str) -> str:
    """Gives the id of a record as text.

    Raises:
        InputError: It has none.
    """
    text = as_text(value_at(record, field, where), field, where)
    if not text:
        raise InputError(f"the id in '{field}' is empty", where=where)
    return text


def choose_logged(
    record: Mapping[str, Any], wanted: Sequence[str], usual: Sequence[str], prediction: str
) -> str | None:
    """Finds what a file of predictions itself says of its questions, to hold it against the references.

    Args:
        record: The first record of the file.
        wanted: Names that were given, the best first; they may be those of the references' file alone.
        usual: Names that such a field often has, used where none was given.
        prediction: The field that holds what the model said: never this one.

    Returns:
        The field; None where there is none, or where several may be meant.
    """
    there = [name for name in wanted or usual if name != prediction and _value(record, name) is not _NONE]
    return there[0] if len(there) == 1 or (there and wanted) else None


def text_or_none(record: Mapping[str, Any], field: str) -> str | None:
    """Gives a field as text, None where it holds anything that `as_text` would refuse."""
    value = _value(record, field)
    usable = isinstance(value, (str, int)) and not isinstance(value, bool)
    return as_text(value, field, "") if usable else None


def needed(
    field: str | None, record: Mapping[str, Any], usual: Sequence[str], what: str, option: str, where: str
) -> str:
    """Insists on a field.

    Args:
        field: From `choose`.
        record: The first record of a file.
        usual: Names that such a field often has.
        what: What is looked for, for people.
        option: What names it.
        where: File and line.

    Raises:
        InputError: There is none; the message says which fields there are, and which of them has nearly a usual name.
    """
    if field is not None:
        return field
    close = [name for name in map(str, record) if get_close_matches(name, usual, n=1, cutoff=0.8)]
    example = close[0] if close else "FIELD"
    hint = f"name it with {option} {example}; fields are: {', '.join(map(str, record))}"
    raise InputError(f"no field holds the {what}", where=where, hint=hint)


def value_at(record: Mapping[str, Any], field: str, where: str) -> Any:
    """Gives the value of a field.

    Raises:
        InputError: The record has no such field.
    """
    value = record[field] if field in record else _value(record, field)
    if value is _NONE:
        raise InputError(f"no field '{field}' in this record", where=where, hint=_fields(record, field))
    return value


def as_text(value: Any, what: str, where: str) -> str | None:
    """Gives a value as text: whole numbers as their digits, and nothing else that would have to be guessed.

    Args:
        value: Of a field.
        what: Its name, for people.
        where: File and line.

    Returns:
        The text, halves of surrogate pairs replaced by U+FFFD, because no file can hold them; None for null.

    Raises:
        InputError: NaN, another number, true, false, an object or a list.
    """
    if isinstance(value, str):
        return value if value.isascii() else _HALF_PAIR.sub("\ufffd", value)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and math.isnan(value):
        raise InputError(f"'{what}' is NaN, not text", where=where, hint="an empty prediction is an empty text")
    kind = {float: "a number with a fraction", bool: "a truth value", list: "a list", dict: "an object"}
    raise InputError(
        f"'{what}' is {str(value)[:40]}, {kind.get(type(value), type(value).__name__)}, not text",
        where=where,
        hint=f"name a text inside it: {what}.0" if isinstance(value, list) else "write it as text",
    )


def whole_number(value: Any) -> int | None:
    """Reads a whole number as JSON and CSV write them; None for nothing.

    Raises:
        ValueError: It is something else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    return int(value)


def truth(value: Any) -> bool | None:
    """Reads a truth value as JSON and CSV write them; None for nothing.

    Raises:
        ValueError: It is something else.
    """
    known = {"true": True, "false": False, "": None, "none": None}
    text = str(value).lower()
    if text not in known:
        raise ValueError(value)
    return known[text]


def _value(record: Mapping[str, Any], field: str) -> Any:
    if field in record:
        return record[field]
    value: Any = record
    for part in field.split("."):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _NONE
    return value


def _fields(record: Mapping[str, Any], field: str) -> str:
    return near(field, map(str, record)).replace("choices are", "fields are")
