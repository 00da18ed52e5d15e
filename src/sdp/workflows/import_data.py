"""`sdp import`: rows from other people's files as a data set of ours, every row accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sdp.contract.augmenter import AugmentOptions
from sdp.contract.exporter import ExportOptions
from sdp.data.atomic import check_place
from sdp.data.manifest import NAME, ImportedFile, ImportStep, Manifest
from sdp.data.place import Place
from sdp.errors import ConfigError, InputError
from sdp.importing.finish import (
    Made,
    files_of,
    fingerprint_of,
    finish,
    judge_of,
    leaks,
    put,
    refuse_nothing,
    splits_word,
    verified,
    workshop,
)
from sdp.importing.finished import Finisher
from sdp.importing.pipeline import Pipeline
from sdp.importing.plan import make_plan
from sdp.importing.settings import ImportSettings
from sdp.importing.sources import Source, find_sources
from sdp.importing.split_facts import split_facts
from sdp.plugins.manager import load
from sdp.progress import SILENT, Progress
from sdp.synthesis.write import example_of
from sdp.workflows.export import ExportRequest, export
from sdp.workflows.generate import refuse_replacing
from sdp.workflows.validate import FolderVerdict, ValidateRequest, validate

SHOWN = 3
"""Rows of a preview."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import, how, and where to."""

    task: str
    sources: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    """Further settings, by the names in `ImportSettings`; what is not said has its default."""
    out: Path | str | None = None
    """The data set's folder, or a URL; ``data/<task>`` if not given."""
    overwrite: bool = False
    validate: bool = False
    """Also judges the result, as `sdp validate` does."""
    tokenizer: str | None = None
    """Also writes token ids for this model, as ``sdp export --to tokenized`` does."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What lies there now."""

    folder: Path | str
    task: str
    rows: dict[str, int]
    """Per split."""
    files: list[ImportedFile]
    """What was read, as what."""
    steps: list[ImportStep]
    """Rows in, rows out, and why, step by step."""
    n_rejects: int
    made: bool
    """False when the same data set was there already and was verified instead."""
    fingerprint: str
    floors: dict[str, float]
    example: dict[str, str]
    notes: tuple[str, ...] = ()
    verdict: FolderVerdict | None = None
    """Of `validate`, if it was asked for."""
    tokens: Path | str | None = None
    """Where the token ids are."""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """How files would be read."""

    files: list[ImportedFile]
    splits: str
    """hash, own, or the one split that all rows would be in."""
    rows: list[dict[str, str]]
    """The first ones: prompt, answer, completion, key."""
    notes: tuple[str, ...]


def import_data(request: ImportRequest, progress: Progress = SILENT) -> ImportResult:
    """Imports a data set, or verifies that it is there.

    Args:
        request: What, how, where.
        progress: Shows what is read.

    Returns:
        What was read, what became of it, and where it is.

    Raises:
        InputError: A file that is not there or cannot be read, fields that are not there, or no row is left; another
            data set lies there.
        ConfigError: A setting is of the wrong kind.
        ResourceError: The disk, a store or the hub does not do what it should.
    """
    settings = settings_of(request)
    place = Place.of(request.out or Path("data") / request.task)
    if place.is_local:
        check_place(place.path)
    chosen = {name: load().get_augmenter(name)(AugmentOptions(settings.language)) for name in settings.augment}
    sources = find_sources(list(settings.sources), settings.how)
    plan = make_plan(settings, sources)
    hashes = _hashes(sources, progress)
    fingerprint = fingerprint_of(settings, plan, hashes)
    if not request.overwrite and place.size(NAME) is not None:
        return _and_more(request, _result(place, verified(place, settings, fingerprint), made=False), progress)
    refuse_replacing(place, overwrite=request.overwrite)
    with workshop(place) as folder:
        if not request.overwrite and place.size(NAME) is not None:  # looked at again once nobody else can write
            raise InputError(f"another process finished '{place}' in the meantime", where=str(place))
        pipeline = Pipeline(plan, settings, folder, judge_of(plan, settings), chosen)
        with progress.bar(f"import {settings.task}", 0, "records") as bar:
            outcome = pipeline.run(bar.advance)
        refuse_nothing(outcome)
        facts, shared = split_facts(folder, outcome.shards)
        manifest = finish(folder, Made(settings, plan, outcome, hashes, fingerprint, facts))
        put(folder, place)
    notes = (*plan.notes, *plan.kinds.notes(), *leaks(plan, shared))
    return _and_more(request, _result(place, manifest, made=True, notes=notes), progress)


def preview(request: ImportRequest) -> ImportPreview:
    """Says how files would be read, and writes nothing.

    Args:
        request: What and how.

    Raises:
        InputError: As `import_data`, as far as the first records show it.
    """
    settings = settings_of(request)
    plan = make_plan(settings, find_sources(list(settings.sources), settings.how))
    finisher = Finisher(settings.task, settings.language, dict(plan.task.meta), words=plan.words)
    rows: list[dict[str, str]] = []
    for converter in plan.converters:
        first = next((one.table for one in converter.chunks() if one.table.num_rows), None)
        if first is not None and len(rows) < SHOWN:
            made, _ = finisher.rows(first.slice(0, SHOWN), normalise=settings.does("normalise"))
            rows += made.select(["prompt", "answer", "completion", "key"]).to_pylist()
    return ImportPreview(files_of(plan, [""] * len(plan.converters)), splits_word(plan, settings), rows[:SHOWN],
                         tuple(plan.notes))  # fmt: skip


def _and_more(request: ImportRequest, result: ImportResult, progress: Progress) -> ImportResult:
    """Validates and tokenises what was imported, if that was asked for: each is a verb of its own, too."""
    if request.validate:
        verdict = validate(ValidateRequest((str(result.folder),)), progress).folders[0]
        result = replace(result, verdict=verdict)
    if request.tokenizer is not None:
        options = ExportOptions(tokenizer=request.tokenizer)
        # Written anew even if it is there: nothing but tokenising again would tell that it is of these rows.
        done = export(ExportRequest(str(result.folder), "tokenized", overwrite=True, options=options), progress)
        result = replace(result, tokens=done.folder)
    return result


def settings_of(request: ImportRequest) -> ImportSettings:
    """Checks the request.

    Raises:
        ConfigError: A setting is of the wrong kind.
    """
    try:
        return ImportSettings(task=request.task, sources=request.sources, **request.options)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(str(first["msg"]), where=".".join(map(str, first["loc"]))) from error


def _hashes(sources: list[Source], progress: Progress) -> list[str]:
    with progress.bar("look at the files", sum(source.size for source in sources), "bytes") as bar:
        return [source.sha256(bar.advance) for source in sources]


def _result(place: Place, manifest: Manifest, *, made: bool, notes: tuple[str, ...] = ()) -> ImportResult:
    facts = manifest.imported
    return ImportResult(
        folder=place.path if place.is_local else place.url,
        task=manifest.task,
        rows={name: split.rows for name, split in manifest.splits.items()},
        files=facts.files if facts else [],
        steps=facts.steps if facts else [],
        n_rejects=sum(manifest.rejects.values()),
        made=made,
        fingerprint=manifest.fingerprint,
        floors={name: split.floor for name, split in manifest.splits.items()},
        example=example_of(place, manifest),
        notes=notes,
    )
