"""Questions and right answers out of any file: fields that are there are used, and nothing is made up."""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, Final

import pyarrow as pa

from sdp.benchmarks.columns import n_letters
from sdp.benchmarks.predictions.fields import (
    PROMPT,
    REFERENCE,
    as_text,
    choose,
    choose_id,
    id_at,
    needed,
    truth,
    value_at,
    whole_number,
)
from sdp.benchmarks.predictions.reading import peeked, short_name
from sdp.benchmarks.predictions.recorded import FieldNames, id_numbers
from sdp.benchmarks.predictions.source import Source
from sdp.benchmarks.references import References, check_ids
from sdp.benchmarks.result import ASKED
from sdp.errors import InputError

STRATA: Final[dict[str, Callable[[Any], int | bool | None]]] = {
    "position": whole_number, "from_end": truth, "length": whole_number, "count": whole_number,
    "true_count": whole_number, "held_out_phrasing": truth,
}  # fmt: skip
"""Fields that slices are made by, below ``meta`` or as ``meta_…``, as our exports have them."""
_PLAIN = STRATA.keys() - {"from_end", "count"}
"""The ones that mean the same in anybody's file."""
_WORDS = ("key", "word")
"""Keys that are words, whose letters count."""
_TEXTS = ("task", "split", "family", "template")


def of_source(source: Source, names: FieldNames, said: str | None = None) -> References:
    """Reads a file of questions.

    Args:
        source: The file.
        names: Which fields hold what.
        said: The field with what a model said, where the file is one of predictions.

    Returns:
        One row per record, in their order.

    Raises:
        InputError: No field holds the answer, one is empty, an id occurs twice, or the answer is what the model said.
    """
    (line, first), records = peeked(source)
    file = str(source.path)
    where = f"{file}:{line}"
    usual = () if source.reference else REFERENCE
    wanted = names.reference or source.reference
    chosen = choose(first, wanted, usual, what="right answer", option="--reference-field", where=where)
    answer = needed(chosen, first, usual, "right answer", "--reference-field", where)
    if answer == said:
        raise InputError(
            "the file says what was answered, not what is right", where=file, hint="name that with --reference"
        )
    key = choose(first, names.key, ("key",), what="key", option="--key", where=where)
    prompt = choose(first, None, [name for name in PROMPT if name in first][:1], what="prompt", option="", where=where)
    id_field = choose_id(first, names.id if names.id in first else None, where)
    picked = _Picked(first)
    columns: dict[str, list[str]] = {name: [] for name in ("answer", "prompt", "key", "id", *_TEXTS)}
    lines: list[int] = []
    for line, record in records:
        where = f"{file}:{line}"
        lines.append(line)
        columns["answer"].append(_needed(value_at(record, answer, where), answer, where))
        columns["prompt"].append((_text_or_none(record, prompt) or "") if prompt else "")
        columns["id"].append(id_at(record, id_field, where) if id_field else "")
        if key:
            columns["key"].append(_needed(value_at(record, key, where), key, where))
        for name in _TEXTS:
            columns[name].append(_text_or_none(record, name) or "")
        picked.add(record)
    return _put_together(source, columns, lines, picked, {"answer": answer, "id": id_field, "key": key})


def _put_together(
    source: Source, columns: dict[str, list[str]], lines: list[int], picked: "_Picked", fields: dict[str, str | None]
) -> References:
    has_ids, n_rows = fields["id"] is not None, len(lines)
    names = columns.pop("id")
    if not has_ids:
        names = [_digest(*row) for row in zip(lines, columns["prompt"], columns["answer"], strict=True)]
    numbers = id_numbers(names)
    check_ids(numbers, names, str(source.path))
    task = source.task or short_name(source.path)
    by_file = frozenset() if all(columns["task"]) else frozenset([task])
    columns["task"] = [name or task for name in columns["task"]]
    strata, notes = picked.columns(n_rows)
    if fields["key"] in _WORDS and all(length is None for length in strata["length"]):
        strata["length"] = n_letters(pa.chunked_array([pa.array(columns["key"], pa.string())]))
    if fields["key"] is None:
        columns["key"] = names if has_ids else [f"line {line}" for line in lines]
        notes.append("no field holds a key, so every question counts as independent; --key names one")
    values = {**columns, **strata, "id": pa.array(numbers)}
    asked = pa.table({field.name: pa.array(values[field.name], field.type) for field in ASKED}, schema=ASKED)
    facts = {
        "file": str(source.path),
        "kind": source.kind,
        "rows_there": n_rows,
        "fields": {name: named for name, named in fields.items() if named},
    }
    return References(asked, has_ids, [facts], [*source.notes, *notes], by_file)


class _Picked:
    """Collects the fields that slices are made by."""

    def __init__(self, first: Mapping[str, Any]) -> None:
        self._inner = isinstance(first.get("meta"), Mapping)
        self._prefix = "" if self._inner or not any(f"meta_{name}" in first for name in STRATA) else "meta_"
        there = first["meta"] if self._inner else first
        usable = STRATA if self._inner or self._prefix else _PLAIN
        names = [name for name in STRATA if name in usable and self._prefix + name in there]
        self._raw: dict[str, list[Any]] = {name: [] for name in names}

    def add(self, record: Mapping[str, Any]) -> None:
        """Takes them from one record."""
        there = record.get("meta") if self._inner else record
        for name, values in self._raw.items():
            values.append(there.get(self._prefix + name) if isinstance(there, Mapping) else None)

    def columns(self, n_rows: int) -> tuple[dict[str, list[Any]], list[str]]:
        """Gives columns of `ASKED`, and what could not be read."""
        read: dict[str, list[Any]] = {}
        notes = []
        for name, values in self._raw.items():
            try:
                read[name] = [STRATA[name](value) for value in values]
            except (TypeError, ValueError):
                notes.append(f"'{name}' holds something else than expected: there are no slices by it")
        nothing: list[Any] = [None] * n_rows
        position, length = read.get("position", nothing), read.get("length", nothing)
        from_end = read.get("from_end", nothing)
        return {
            "position": [_from_start(*row) for row in zip(position, from_end, length, strict=True)],
            "length": length,
            "true_count": read.get("true_count", read.get("count", nothing)),
            "held_out_phrasing": read.get("held_out_phrasing", nothing),
        }, notes


def _from_start(position: int | None, from_end: bool | None, length: int | None) -> int | None:  # noqa: FBT001  (a cell)
    if not from_end or position is None:
        return position
    return None if length is None else length + 1 - position


def _needed(value: Any, field: str, where: str) -> str:
    text = as_text(value, field, where)
    if text is None or not text.strip():
        raise InputError(f"'{field}' is empty", where=where, hint="every question needs its right answer and its key")
    return text


def _text_or_none(record: Mapping[str, Any], field: str) -> str | None:
    value = record.get(field)
    return value if isinstance(value, str) else None


def _digest(line: int, prompt: str, answer: str) -> str:
    text = f"{line}\0{prompt}\0{answer}"
    return blake2b(text.encode(), digest_size=8).hexdigest()
