"""Typed fields beside the rows: those of our own schema, those the oracle needs, those the user keeps."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sdp.contract.schema import HELD_OUT, NOISE
from sdp.errors import InputError, near
from sdp.importing.json_lines import kind_of
from sdp.importing.texts import Getter, Unfit, check_fields, getter, text_of

TYPES = {"text": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
"""What ``--meta FIELD:TYPE`` knows."""
RESERVED: dict[str, tuple[pa.DataType, ...]] = {
    "position": (pa.int64(), pa.int32()), "length": (pa.int64(), pa.int32()), "count": (pa.int64(), pa.int32()),
    "from_end": (pa.bool_(),), NOISE: (pa.string(),), HELD_OUT: (pa.bool_(),),
}  # fmt: skip
"""Names that the benchmarks read, and the types they expect."""


@dataclass(frozen=True)
class MetaField:
    """One field, where it comes from, and its type."""

    name: str
    kind: pa.DataType
    get: Getter

    def column(self, values: Sequence[Any], lines: Sequence[int], where: str) -> pa.Array:
        """Makes a column of a chunk's values.

        Raises:
            InputError: One of them is of another type; row and types are named.
        """
        convert = _CONVERTERS[_family(self.kind)]
        made = []
        for value, line in zip(values, lines, strict=True):
            try:
                made.append(None if _is_nothing(value) else convert(value))
            except (Unfit, ValueError, TypeError, OverflowError):
                expected = {"text": "text", "int": "whole numbers", "float": "numbers", "bool": "true or false"}
                said = f"is {kind_of(value)} here, {str(value)[:40]!r}, where {expected[_family(self.kind)]}"
                raise self._unfit(f"{said} stood before", f"{where}:{line}") from None
        try:
            return pa.array(made, self.kind)
        except (pa.ArrowInvalid, OverflowError):
            value, line = next(pair for pair in zip(made, lines, strict=True) if not _holds(self.kind, pair[0]))
            raise self._unfit(f"is {str(value)[:40]} here, more than {self.kind} can be", f"{where}:{line}") from None

    def _unfit(self, said: str, where: str) -> InputError:
        return InputError(f"'{self.name}' {said}", where=where, hint=f"--meta {self.name}:text reads all of it as text")


def _holds(kind: pa.DataType, value: Any) -> bool:
    try:
        pa.scalar(value, kind)
    except (pa.ArrowInvalid, OverflowError):
        return False
    return True


def _family(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "bool"
    if pa.types.is_integer(kind):
        return "int"
    return "float" if pa.types.is_floating(kind) else "text"


def _is_nothing(value: Any) -> bool:
    return value is None or value == "" or value != value  # noqa: PLR0124  (NaN alone is not itself)


def _int(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise Unfit("no whole number")
    return int(value)


def _float(value: Any) -> float:
    if isinstance(value, bool):
        raise Unfit("no number")
    number = float(value)
    if not math.isfinite(number):
        raise Unfit("no number that can be written")
    return number


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() not in ("true", "false"):
        raise Unfit("neither true nor false")
    return str(value).lower() == "true"


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "text": lambda value: text_of(value, "it"), "int": _int, "float": _float, "bool": _bool,
}  # fmt: skip


def inferred(values: Iterable[Any], *, textual: bool) -> pa.DataType:
    """Finds the type that all of some values have.

    Args:
        values: Of the first records.
        textual: Whether everything is text there, as in CSV, and numbers are to be seen in it.
    """
    found = [value for value in values if not _is_nothing(value)]
    if not found:
        return pa.string()
    yes_or_no = ("True", "False", "true", "false")
    if all(isinstance(value, bool) or (textual and str(value) in yes_or_no) for value in found):
        return pa.bool_()
    if any(type(value) is int and not _holds(pa.int64(), value) for value in found):
        return pa.string()
    for kind, convert in ((pa.int64(), int), (pa.float64(), float)):
        numbers = (int,) if kind == pa.int64() else (int, float)
        if all(isinstance(value, numbers) and not isinstance(value, bool) for value in found):
            return kind
        if textual and all(_is(convert, value, kind) for value in found):
            return kind
    return pa.string()


def _is(convert: Callable[[str], Any], value: Any, kind: pa.DataType) -> bool:
    """Tells whether a text is a number as a program writes it: no leading zeros, they may mean something."""
    try:
        number = convert(str(value))
        return str(number) == str(value) and math.isfinite(number) and _holds(kind, number)
    except ValueError:
        return False


def chosen_fields(
    wanted: Sequence[str], sample: list[dict[str, Any]], names: list[str], where: str, *, textual: bool
) -> list[MetaField]:
    """Sets up the fields that ``--meta`` names.

    Raises:
        InputError: One is not there, or its type is none that we know.
    """
    found = []
    for one in wanted:
        name, colon, kind_name = one.rpartition(":")
        if not colon or one in names:
            name, kind_name = one, ""
        check_fields({"--meta": name}, names, where)
        if kind_name and kind_name not in TYPES:
            hint = near(kind_name, TYPES).replace("choices are", "types are")
            raise InputError(f"there is no type '{kind_name}'", where=f"--meta {one}", hint=hint)
        get = getter(name)
        kind = TYPES[kind_name] if kind_name else inferred(map(get, sample), textual=textual)
        plain = name.replace(".", "_")
        if kind not in RESERVED.get(plain, (kind,)):
            raise InputError(
                f"'{plain}' is read by the benchmarks as {RESERVED[plain][0]}, and here it is {kind}", where=where,
                hint="rename the field, or leave it out",
            )  # fmt: skip
        found.append(MetaField(plain, kind, get))
    return found
