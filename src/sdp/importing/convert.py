"""From records to one table of drafts per chunk, whatever shape they came in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pyarrow as pa

from sdp.contract.rows import SPLITS
from sdp.errors import InputError
from sdp.importing.chunks import Chunk, Fault, Record
from sdp.importing.keys import short
from sdp.importing.meta_fields import MetaField
from sdp.importing.shapes.draft import Draft, Refused, Shape
from sdp.importing.sources import Source
from sdp.importing.split_names import split_in
from sdp.importing.texts import Getter, Kinds, Unfit, text_of

SAMPLE = 200
"""Records that are looked at to see what they are."""
TEXTS = ("prompt", "answer", "reasoning", "key", "family", "split", "template")


@dataclass(frozen=True)
class Reject:
    """Something that was read and becomes no row."""

    source: str
    """File and line."""
    step: str
    reason: str
    prompt: str = ""
    answer: str = ""
    split: str = ""


@dataclass
class Drafted:
    """What one chunk became."""

    table: pa.Table
    """`line`, `id` (null but for rows of our own), `TEXTS`, and one column ``meta.NAME`` per meta field."""
    rejects: list[Reject] = field(default_factory=list)
    n_records: int = 0
    """Records and faulty lines that were read."""
    n_bytes: int = 0


@dataclass(frozen=True)
class Converter:
    """Reads one source as one shape."""

    source: Source
    shape: Shape
    meta: list[MetaField]
    kinds: Kinds
    key: Getter | None = None
    family: Getter | None = None
    split: Getter | None = None
    keep_going: bool = False

    def chunks(self) -> Iterator[Drafted]:
        """Converts the source, chunk by chunk.

        Raises:
            InputError: A line is no record, or a meta field is of another type than it was at first.
        """
        self.kinds.where = self.source.name
        for chunk in self.source.chunks():
            yield self._drafted(chunk)

    def _drafted(self, chunk: Chunk) -> Drafted:
        rejects = [self._fault(fault) for fault in chunk.faults]
        if (table := self._at_once(chunk)) is not None:
            return Drafted(table, rejects, len(chunk.records) + len(chunk.faults), chunk.n_bytes)
        rows: list[tuple[Record, Draft]] = []
        for record in chunk.records:
            try:
                drafts = self.shape.drafts(record.fields, record.line)
            except Unfit as unfit:
                rejects.append(self._reject(record, str(unfit)))
                continue
            for draft in drafts:
                if isinstance(draft, Refused):
                    rejects.append(self._reject(record, draft.reason, draft.prompt, draft.answer))
                else:
                    rows.append((record, draft))
        table = self._encoded(self._placed(rows, chunk.split, rejects), rejects)
        return Drafted(table, rejects, len(chunk.records) + len(chunk.faults), chunk.n_bytes)

    def _at_once(self, chunk: Chunk) -> pa.Table | None:
        """Makes the table column by column, where every record is a plain pair; else they are looked at one by one."""
        if self.key or self.family or self.split or self.meta or not chunk.records:
            return None
        pairs = self.shape.columns([record.fields for record in chunk.records], chunk.records[0].line)
        if pairs is None:
            return None
        n = len(chunk.records)
        try:
            prompts, answers = (pa.array(texts, pa.string()) for texts in pairs)
        except UnicodeEncodeError:
            return None
        split = split_in(chunk.split or "") or split_in(self.source.split or "")
        columns: dict[str, Any] = {name: pa.nulls(n, pa.string()) for name in TEXTS}
        columns |= {"prompt": prompts, "answer": answers, "split": pa.array([split] * n, pa.string())}
        lines = pa.array([record.line for record in chunk.records], pa.int64())
        return pa.table({"line": lines, "id": pa.nulls(n, pa.uint64()), **columns})

    def _fault(self, fault: Fault) -> Reject:
        where = f"{self.source.name}:{fault.line}"
        if not self.keep_going:
            raise InputError(fault.reason, where=where, hint="mend it, or reject such lines with --keep-going")
        return Reject(where, "convert", fault.reason, fault.text)

    def _reject(self, record: Record, reason: str, prompt: str = "", answer: str = "") -> Reject:
        return Reject(f"{self.source.name}:{record.line}", "convert", reason, prompt, answer)

    def _placed(self, rows: list[tuple[Record, Draft]], split: str | None, rejects: list[Reject]) -> list[Any]:
        """Adds what fields say of key, family and split."""
        default = split_in(split) if split else split_in(self.source.split or "") or None
        placed = []
        for record, draft in rows:
            try:
                key = draft.key if self.key is None else _said(self.key, record, "key")
                family = draft.own["family"] if draft.own else None
                if self.family is not None:
                    family = short(_said(self.family, record, "value to split by")).casefold()
                mine = default
                if self.split is not None:
                    mine = _split(text_of(self.split(record.fields), "split"))
            except Unfit as unfit:
                rejects.append(self._reject(record, str(unfit), draft.prompt, draft.answer))
                continue
            placed.append((record, draft, key, family, mine))
        return placed

    def _encoded(self, rows: list[Any], rejects: list[Reject]) -> pa.Table:
        r"""Makes the table; texts with half a character, which JSON can write (``\ud83d``), cannot be in it."""
        try:
            return self._table(rows)
        except UnicodeEncodeError:
            whole = [row for row in rows if _encodes(row[0].fields)]
            broken = [row[0] for row in rows if not _encodes(row[0].fields)]
            rejects += [self._reject(record, "it holds half a character (a lone surrogate)") for record in broken]
            return self._table(whole)

    def _table(self, rows: list[Any]) -> pa.Table:
        drafts = [row[1] for row in rows]
        lines = [row[0].line for row in rows]
        owns = [draft.own for draft in drafts]
        columns: dict[str, Any] = {
            "line": pa.array(lines, pa.int64()),
            "id": pa.array([own["id"] if own else None for own in owns], pa.uint64()),
            "prompt": [draft.prompt for draft in drafts],
            "answer": [draft.answer for draft in drafts],
            "reasoning": [draft.reasoning for draft in drafts],
            "key": [row[2] for row in rows],
            "family": [row[3] for row in rows],
            "split": [row[4] for row in rows],
            "template": [own["template"] if own else None for own in owns],
        }
        columns |= {name: pa.array(columns[name], pa.string()) for name in TEXTS}
        for one in self.meta:
            values = [one.get(own["meta"] if own else row[0].fields) for row, own in zip(rows, owns, strict=True)]
            columns[f"meta.{one.name}"] = one.column(values, lines, self.source.name)
        return pa.table(columns)


def _said(get: Getter, record: Record, what: str) -> str:
    text = text_of(get(record.fields), what)
    if text is None or not text.strip():
        raise Unfit(f"no {what}")
    return text


def _split(text: str | None) -> str:
    split = text if text in SPLITS else split_in(text or "")
    if split is None:
        raise Unfit(f"the split '{text}' is none of {', '.join(SPLITS)}" if text else "no split")
    return split


def _encodes(fields: dict[str, Any]) -> bool:
    try:
        json.dumps(fields, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return False
    return True


def sample_of(source: Source, *, keep_going: bool) -> list[dict[str, Any]]:
    """Reads the first records of a source.

    Raises:
        InputError: It has none, or the first lines are no records.
    """
    found: list[dict[str, Any]] = []
    for chunk in source.chunks():
        if chunk.faults and not keep_going:
            fault = chunk.faults[0]
            if not chunk.records or fault.line < chunk.records[0].line + SAMPLE:
                raise InputError(
                    fault.reason, where=f"{source.name}:{fault.line}",
                    hint="mend it, or reject such lines with --keep-going",
                )  # fmt: skip
        found += [record.fields for record in islice(chunk.records, SAMPLE - len(found))]
        if len(found) >= SAMPLE:
            break
    if not found:
        raise InputError("the file holds no rows", where=source.name)
    return found
