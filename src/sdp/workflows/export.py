"""`sdp export`: a finished data set in another format, on this disk, in an object store, or on the Hugging Face hub."""

import filecmp
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa

from sdp.contract.deprecations import note_exporter
from sdp.contract.exporter import Exporter, ExportOptions
from sdp.data.atomic import check_place, disk, swap_in
from sdp.data.dataset import TaskFolder
from sdp.data.hub import Hub, Pushed
from sdp.data.place import Place
from sdp.data.publish import check_free, publish
from sdp.errors import InputError, ResourceError
from sdp.plugins.manager import load
from sdp.progress import SILENT, Bar, Progress
from sdp.synthesis.blame import blame
from sdp.workflows.locate import ROOT, find_data
from sdp.workflows.push import PushRequest, push

DEFAULT = "jsonl"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to write, and how."""

    data: str
    """A folder, a URL, or the name of a task."""
    to: str | None = None
    """The name of an exporter. If not given: jsonl; with `push`, the data set as it is."""
    out: Path | str | None = None
    """A folder or a URL; ``exports/<task>-<format>`` if not given."""
    overwrite: bool = False
    root: Path = ROOT
    options: ExportOptions = field(default_factory=ExportOptions)
    push: PushRequest | None = None
    """Also onto the hub."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written."""

    folder: Path | str
    """A URL as text."""
    format: str
    files: list[Path] | list[str]
    n_rows: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Reason → rows that are not in it."""
    pushed: Pushed | None = None


def export(request: ExportRequest, progress: Progress = SILENT) -> ExportResult:
    """Writes a data set in another format, whole or not at all.

    Args:
        request: What and how.
        progress: Shows rows, and megabytes on their way to the hub.

    Returns:
        What was written.

    Raises:
        InputError: No such data set or format, an option that the format does not use, or the folder is there already.
        ResourceError: The disk is full or not writable, or a store or the hub does not take it.
    """
    if request.push and request.to is None:
        _refuse_unused(request.options, None)
        return _push_as_it_is(request, request.push, progress)
    exporter = _exporter(request.to or DEFAULT, request.options)
    source = find_data(request.data, request.root)
    place = Place.of(request.out or Path("exports") / f"{source.task}-{exporter.name}")
    if request.push and not place.is_local:
        raise InputError("one place at a time", where="--out", hint="a folder, or leave it away with --push-to-hub")
    hub = Hub(request.push.repo, request.push.url) if request.push else None  # asked before anything is made
    source.check_hashes()
    n_rows = sum(facts.rows for facts in source.manifest.splits.values())
    with progress.bar(f"export {source.task}", n_rows, "rows") as bar:
        if place.is_local:
            names = _into_folder(exporter, source, place.path, bar, request)
        else:
            names = _into_store(exporter, source, place, bar, overwrite=request.overwrite)
    left_out: dict[str, int] = getattr(exporter, "left_out", {})  # an older plugin may not call our __init__
    n_rows -= sum(left_out.values())
    if not place.is_local:
        return ExportResult(
            place.url, exporter.name, [f"{place}/{name.as_posix()}" for name in names], n_rows, left_out
        )
    pushed = push(hub, request.push, source, place.path, names, progress) if hub and request.push else None
    return ExportResult(place.path, exporter.name, [place.path / name for name in names], n_rows, left_out, pushed)


def _exporter(name: str, options: ExportOptions) -> Exporter:
    kind = load().get_exporter(name)
    _refuse_unused(options, kind)
    with blame(f"exporter '{name}'", kind):
        exporter = kind(options) if kind.uses else kind()
    note_exporter(exporter)
    return exporter


def _refuse_unused(options: ExportOptions, kind: type[Exporter] | None) -> None:
    """A setting that is silently ignored looks like one that works."""
    for name, value in asdict(options).items():
        if value is not None and (kind is None or name not in kind.uses):
            who = f"the format '{kind.name}' has no use for it" if kind else "the data set goes up as it is"
            users = sorted(one.name for one in load().exporters.values() if name in one.uses)
            flag = f"--{name.replace('_', '-')}"
            raise InputError(
                f"{flag} was given, and {who}", where=flag, hint=f"formats that use it: {', '.join(users)}"
            )


def _into_folder(exporter: Exporter, source: TaskFolder, out: Path, bar: Bar, request: ExportRequest) -> list[Path]:
    check_place(out)
    there = out.exists() and not request.overwrite
    if there and not request.push:
        raise InputError(f"'{out}' is there already", where=str(out), hint="add --overwrite or choose another --out")
    staging = out.with_name(f".{out.name}.unfinished")
    with disk(out):
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        try:
            names = _written(exporter, source, staging, bar)
            if there:
                _refuse_another(out, staging)
            else:
                _refuse_foreign(out, set(names))
                swap_in(staging, out)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return names


def _into_store(exporter: Exporter, source: TaskFolder, place: Place, bar: Bar, *, overwrite: bool) -> list[Path]:
    check_free(place, overwrite=overwrite)
    with _scratch() as folder:
        names = _written(exporter, source, folder, bar)
        publish(folder, names, place, overwrite=overwrite)
    return names


def _written(exporter: Exporter, source: TaskFolder, folder: Path, bar: Bar) -> list[Path]:
    splits = {split: _counted(source, split, bar) for split in source.manifest.splits}
    with blame(f"exporter '{exporter.name}'", exporter):
        files = exporter.write(splits, source.schema, folder)
        return [file.relative_to(folder) for file in files]


def _push_as_it_is(request: ExportRequest, to: PushRequest, progress: Progress) -> ExportResult:
    """Puts shards, card and manifest onto the hub, which then holds what the folder holds."""
    if request.out is not None:
        raise InputError(
            "nothing is written here when a data set goes onto the hub as it is", where="--out", hint="add --to FORMAT"
        )
    source = find_data(request.data, request.root)
    hub = Hub(to.repo, to.url)
    source.check_hashes()
    n_rows = sum(facts.rows for facts in source.manifest.splits.values())
    with _scratch() as folder:
        pushed = push(hub, to, source, source.path if source.place.is_local else folder, None, progress)
    where = source.path if source.place.is_local else source.place.url
    return ExportResult(where, "sdp", [], n_rows, pushed=pushed)


@contextmanager
def _scratch() -> Iterator[Path]:
    """Gives a folder that goes away again: stores and hubs take whole files."""
    folder = Path(tempfile.gettempdir())
    try:
        with tempfile.TemporaryDirectory(prefix="sdp-export-") as name:
            folder = Path(name)
            yield folder
    except OSError as error:
        raise ResourceError(
            f"cannot write to '{folder}': {error.strerror or error}",
            where=str(folder),
            hint="free some space, or name another folder in TMPDIR",
        ) from error


def _refuse_another(out: Path, made: Path) -> None:
    """Goes on with an export that is there: a push that failed leaves one, and the same data gives the same bytes."""
    names = _inside(made)
    if _inside(out) != names or not all(filecmp.cmp(made / name, out / name, shallow=False) for name in names):
        raise InputError(
            f"'{out}' is there already, and is another export",
            where=str(out),
            hint="choose another --out; --overwrite replaces it, and what the hub holds too",
        )


def _inside(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()}


def _refuse_foreign(out: Path, names: set[Path]) -> None:
    """Replaces an export of the same kind and nothing else."""
    if out.exists() and not out.is_dir():
        raise InputError(f"'{out}' is a file", where=str(out), hint="choose another --out")
    if foreign := sorted(_inside(out) - names):
        raise InputError(
            f"'{out}' holds '{foreign[0]}', which this export would not write",
            where=str(out),
            hint="remove it yourself, or choose another --out",
        )


def _counted(source: TaskFolder, split: str, bar: Bar) -> Iterator[pa.RecordBatch]:
    for batch in source.batches(split):
        yield batch
        bar.advance(batch.num_rows)
