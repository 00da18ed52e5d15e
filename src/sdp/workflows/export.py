"""`sdp export`: a finished data set in another format."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sdp.data.atomic import check_place, disk, swap_in
from sdp.data.dataset import TaskFolder
from sdp.errors import InputError
from sdp.plugins.manager import load
from sdp.progress import SILENT, Bar, Progress
from sdp.synthesis.blame import blame
from sdp.workflows.locate import ROOT, find_data


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to write, and how."""

    data: str
    """A folder or the name of a task."""
    to: str
    """The name of an exporter."""
    out: Path | None = None
    """``exports/<task>-<format>`` if not given."""
    overwrite: bool = False
    root: Path = ROOT


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written."""

    folder: Path
    format: str
    files: list[Path]
    n_rows: int


def export(request: ExportRequest, progress: Progress = SILENT) -> ExportResult:
    """Writes a data set in another format, whole or not at all.

    Args:
        request: What and how.
        progress: Shows rows.

    Returns:
        What was written.

    Raises:
        InputError: No such data set or format, or the folder is there already.
        ResourceError: The disk is full or not writable.
    """
    exporter = load().get_exporter(request.to)()
    source = find_data(request.data, request.root)
    source.check_hashes()
    out = request.out or Path("exports") / f"{source.task}-{exporter.name}"
    check_place(out)
    if out.exists() and not request.overwrite:
        raise InputError(f"'{out}' is there already", where=str(out), hint="add --overwrite or choose another --out")
    staging = out.with_name(f".{out.name}.unfinished")
    n_rows = sum(facts.rows for facts in source.manifest.splits.values())
    with disk(out), progress.bar(f"export {source.task}", n_rows, "rows") as bar:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        try:
            splits = {split: _counted(source, split, bar) for split in source.manifest.splits}
            with blame(f"exporter '{exporter.name}'", exporter):
                files = exporter.write(splits, source.schema, staging)
                names = [file.relative_to(staging) for file in files]
            _refuse_foreign(out, set(names))
            swap_in(staging, out)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return ExportResult(out, exporter.name, [out / name for name in names], n_rows)


def _refuse_foreign(out: Path, names: set[Path]) -> None:
    """Replaces an export of the same kind and nothing else."""
    if out.exists() and not out.is_dir():
        raise InputError(f"'{out}' is a file", where=str(out), hint="choose another --out")
    inside = {path.relative_to(out) for path in out.rglob("*") if not path.is_dir()}
    if foreign := sorted(inside - names):
        raise InputError(
            f"'{out}' holds '{foreign[0]}', which this export would not write",
            where=str(out),
            hint="remove it yourself, or choose another --out",
        )


def _counted(source: TaskFolder, split: str, bar: Bar) -> Iterator[pa.RecordBatch]:
    for batch in source.batches(split):
        yield batch
        bar.advance(batch.num_rows)
