"""Everything that is found out before the first row is written: shapes, fields, splits, the schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sdp.contract.generator import Generator
from sdp.contract.imported import Imported, has_word_as_key, imported
from sdp.contract.options import TaskOptions
from sdp.contract.rows import SPLITS
from sdp.contract.schema import HELD_OUT, NOISE, TOKENS, oracle_fields, schema_of
from sdp.errors import InputError
from sdp.importing.convert import Converter, sample_of
from sdp.importing.meta_fields import MetaField, chosen_fields, inferred
from sdp.importing.settings import ImportSettings
from sdp.importing.shapes.detect import set_up
from sdp.importing.shapes.own_rows import OwnRows, meta_of
from sdp.importing.sources import Source
from sdp.importing.split_names import split_in
from sdp.importing.texts import Kinds, check_fields, field_names, getter
from sdp.plugins.manager import load

WORD = "word"
"""Field that says what a question of a letter task is about, if nothing else does."""
SPLIT = "split"


@dataclass(frozen=True)
class Plan:
    """How the sources become rows."""

    converters: list[Converter]
    kinds: Kinds
    task: Imported
    keeps_splits: bool
    """Whether rows stay in the split that their file says."""
    words: bool
    """Whether keys are words, whose family is their stem."""
    notes: list[str]
    has_ids: bool = False
    """Whether rows bring ids of their own."""

    @property
    def keys_are_questions(self) -> bool:
        """Whether no field says what a row is about."""
        return not self.has_ids and all(one.key is None for one in self.converters)

    @property
    def schema(self) -> pa.Schema:
        """Of the rows."""
        return schema_of(self.task).with_metadata({"task": self.task.name})

    @property
    def in_order(self) -> Iterator[Converter]:
        """Gives the converters in the order they are read: of a row in train and in test, train's is the duplicate."""
        if not self.keeps_splits:
            yield from self.converters
            return
        order = {split: -place for place, split in enumerate(SPLITS)}
        yield from sorted(
            self.converters, key=lambda one: order.get(split_in(one.source.split or "") or "", -len(SPLITS))
        )


def make_plan(settings: ImportSettings, sources: list[Source]) -> Plan:
    """Looks at the first records of every source.

    Raises:
        InputError: An option names a field that is not there, no shape fits, or meta fields clash.
    """
    kinds, notes = Kinds(), list[str]()
    kind = load().generators.get(settings.task)
    known = kind(TaskOptions(language=settings.language)) if kind else None
    looked = [(source, sample_of(source, keep_going=settings.keep_going)) for source in sources]
    keeps = _keeps_splits(settings, sources, [sample for _, sample in looked])
    converters = [_converter(settings, source, sample, kinds, known, keeps=keeps) for source, sample in looked]
    own = all(isinstance(one.shape, OwnRows) for one in converters)
    if keeps and settings.does("split"):
        _check_splits(converters)
    word_key = has_word_as_key(kind) and (own or all(one.key is not None for one in converters))
    meta = _together(converters)
    missing = _missing(known, meta, has_key=own or all(one.key is not None for one in converters))
    if "oracle" not in settings.filters and not missing:
        missing = "the user's consent (--filters)"
    task = imported(settings.task, meta, kind, known if not missing else None, missing)
    if not own and not settings.does("convert"):
        raise InputError(
            "without the step 'convert' the files must hold rows in sdp's own schema", where="--only",
            hint="add convert",
        )  # fmt: skip
    if kind and missing:
        notes.append(f"answers cannot be checked by the oracle of '{settings.task}': {missing}")
    has_ids = any(isinstance(one.shape, OwnRows) for one in converters)
    return Plan(converters, kinds, task, keeps, word_key, notes, has_ids)


def _keeps_splits(settings: ImportSettings, sources: list[Source], samples: list[list[dict[str, Any]]]) -> bool:
    """Decides whether the files' own splits are kept: where they say several, unless the user wants otherwise.

    A field that says the split may have but one value in the first records of a file that is sorted by it: it is taken
    at its word, unless files are named like splits and say otherwise.
    """
    if settings.splits == "own" or not settings.does("split"):
        return True
    if settings.splits != "auto" or settings.split_by is not None:
        return False
    named = {split_in(source.split or "") for source in sources} - {None}
    inner = {split_in(path) for source in sources for path in source.paths if len(source.paths) > 1} - {None}
    if settings.split_field is not None or len(named) > 1 or len(inner) > 1:
        return True
    said = {str(record[SPLIT]) for sample in samples for record in sample if SPLIT in record}
    return all(SPLIT in field_names(sample) for sample in samples) and (len(said) > 1 or not named)


def _check_splits(converters: list[Converter]) -> None:
    """Refuses to guess the split of a source where the others keep theirs: a test set must not end up in train.

    Raises:
        InputError: Neither its name nor a field says it.
    """
    for one in converters:
        if one.split is None and not one.source.says_split:
            name = one.source.name
            raise InputError(
                f"'{name}' does not say its split", where=name,
                hint="--splits hash splits all rows anew; or rename it, such as test.jsonl, or add --split-field FIELD",
            )  # fmt: skip


def _converter(
    settings: ImportSettings, source: Source, sample: list[dict[str, Any]], kinds: Kinds, known: Generator | None,
    *, keeps: bool,
) -> Converter:  # fmt: skip
    names = field_names(sample)
    said = {"--key": settings.key, "--split-by": settings.split_by, "--split-field": settings.split_field}
    check_fields({option: name for option, name in said.items() if name}, names, source.name)
    shape = set_up(sample, settings.mapping, source.name, kinds)
    textual = source.format in ("csv", "tsv")
    key = settings.key
    if isinstance(shape, OwnRows):
        meta = _own_meta(sample, known, textual=textual)
        key = key if key and key != "key" else None
    else:
        if key is None and has_word_as_key(type(known) if known else None) and WORD in names:
            key = WORD
        meta = chosen_fields(settings.meta, sample, names, source.name, textual=textual)
        meta += _oracle_meta(known, names, {one.name for one in meta}) if key else []
        shape.mapping = shape.mapping | ({"key": key} if key else {})
    split_field = settings.split_field or (SPLIT if SPLIT in names else None)
    return Converter(
        source=source,
        shape=shape,
        meta=meta,
        kinds=kinds,
        key=getter(key) if key else None,
        family=getter(settings.split_by) if settings.split_by else None,
        split=getter(split_field) if keeps and split_field else None,
        keep_going=settings.keep_going,
    )


def _own_meta(sample: list[dict[str, Any]], known: Generator | None, *, textual: bool) -> list[MetaField]:
    """Types the meta of our own rows: as the installed task says, else as the first rows look."""
    metas = [meta_of(fields) for fields in sample]
    names = dict.fromkeys(name for meta in metas for name in meta)
    types: dict[str, pa.DataType] = {NOISE: pa.string(), HELD_OUT: pa.bool_()}
    if known is not None:
        types |= dict(TOKENS) | dict(known.meta) | dict.fromkeys(oracle_fields(known), pa.string())
    return [
        MetaField(name, types.get(name) or inferred((meta.get(name) for meta in metas), textual=textual), getter(name))
        for name in names
        if name not in (NOISE, HELD_OUT)
    ] + [MetaField(name, types[name], getter(name)) for name in (NOISE, HELD_OUT) if name in names]


def _oracle_meta(known: Generator | None, names: list[str], taken: set[str]) -> list[MetaField]:
    """Keeps the fields that the installed task's oracle needs, where all of them are there."""
    needed = oracle_fields(known) if known else ()
    if not all(name in names or name in taken for name in needed):
        return []
    return [MetaField(name, pa.string(), getter(name)) for name in needed if name not in taken]


def _together(converters: list[Converter]) -> dict[str, pa.DataType]:
    """Puts the meta fields of all sources together, noise and held_out_phrasing last.

    Raises:
        InputError: One has two types.
    """
    found: dict[str, tuple[pa.DataType, str]] = {}
    for converter in converters:
        for one in converter.meta:
            before = found.setdefault(one.name, (one.kind, converter.source.name))
            if before[0] != one.kind:
                raise InputError(
                    f"'{one.name}' is {one.kind} here, and {before[0]} in {before[1]}",
                    where=converter.source.name,
                    hint=f"say which, such as --meta {one.name}:text",
                )
    last = {NOISE: pa.string(), HELD_OUT: pa.bool_()}
    return {name: kind for name, (kind, _) in found.items() if name not in last} | last


def _missing(known: Generator | None, meta: dict[str, pa.DataType], *, has_key: bool) -> str:
    """Names what the oracle of the installed task does not find in the rows; nothing if it finds all."""
    if known is None:
        return "there is no such task"
    lacks = [name for name in oracle_fields(known) if name not in meta]
    if has_word_as_key(type(known)) and not has_key:
        lacks.insert(0, "the word (--key FIELD)")
    return ", ".join(lacks)
