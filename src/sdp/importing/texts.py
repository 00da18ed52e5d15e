"""Values of other people's fields as text, and a tally of what they were."""

import json
import math
from collections.abc import Callable, Iterable
from typing import Any

from sdp.errors import InputError, near
from sdp.importing.json_lines import kind_of


class Unfit(Exception):  # noqa: N818  (it says what a record is, and never reaches a user as an error)
    """A record, or one of its questions, cannot become a row."""


Getter = Callable[[dict[str, Any]], Any]


class Kinds:
    """Counts what kinds of values a role had, and where the first of each stood."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}
        self.first: dict[tuple[str, str], str] = {}
        self.where = ""
        """Of the source that is read."""

    def note(self, role: str, kind: str, line: int, n: int = 1) -> None:
        """Counts values of some kind, the first of them at a line."""
        known = self.counts.get((role, kind))
        if known is None:
            self.first[role, kind] = f"{self.where}:{line}"
        self.counts[role, kind] = (known or 0) + n

    def notes(self) -> list[str]:
        """Says which roles had values of several kinds."""
        roles = dict.fromkeys(role for role, _ in self.counts)
        mixed = {role: [kind for other, kind in self.counts if other == role] for role in roles}
        return [
            f"{role}: {' and '.join(self._said(role, kind) for kind in kinds)}"
            for role, kinds in mixed.items()
            if len(kinds) > 1
        ]

    def _said(self, role: str, kind: str) -> str:
        n = self.counts[role, kind]
        return f"{kind} in {n:,} row{'s' * (n > 1)} (first {self.first[role, kind]})"


def getter(name: str) -> Getter:
    """Makes what takes a field out of a record: by its name, or by a path such as ``question.text``."""
    if "." not in name:
        return lambda fields: fields.get(name)
    parts = name.split(".")

    def get(fields: dict[str, Any]) -> Any:
        if name in fields:
            return fields[name]
        value: Any = fields
        for part in parts:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    return get


def text_of(value: Any, role: str) -> str | None:
    """Writes a value as text: numbers and true or false as JSON does; None for nothing, and for NaN.

    Raises:
        Unfit: It is a list or an object, or infinite.
    """
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, float) and not math.isfinite(value):
        if math.isnan(value):
            return None
        raise Unfit(f"{role} is {kind_of(value)}, which nobody can write")
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if hasattr(value, "isoformat"):  # a date of a Parquet file
        return str(value.isoformat())
    raise Unfit(f"{role} is {kind_of(value)}, not text")


def field_names(records: Iterable[dict[str, Any]]) -> list[str]:
    """Lists the fields of some records, those of objects in them as paths."""
    names: dict[str, None] = {}
    for fields in records:
        for name, value in fields.items():
            names[name] = None
            if isinstance(value, dict):
                names.update(dict.fromkeys(f"{name}.{inner}" for inner in value))
    return list(names)


def check_fields(wanted: dict[str, str], names: list[str], where: str) -> None:
    """Refuses options that name no field.

    Args:
        wanted: Option → field.
        names: Those that there are.
        where: The file.

    Raises:
        InputError: One is not there; near names are in the hint.
    """
    for option, name in wanted.items():
        if name not in names:
            hint = near(name, names).replace("choices are", "fields are")
            raise InputError(f"{option} names the field '{name}', which is not there", where=where, hint=hint)
