"""`sdp generate`: a task's data set, exactly as many rows as asked for."""

from dataclasses import dataclass
from math import inf
from pathlib import Path

from pydantic import ValidationError

from sdp.data.atomic import check_place
from sdp.data.dataset import TaskFolder, foreign_files
from sdp.data.manifest import NAME, Manifest
from sdp.errors import ConfigError, InputError
from sdp.progress import SILENT, Progress
from sdp.synthesis.settings import DataSettings, Style
from sdp.synthesis.source import Source
from sdp.synthesis.write import difference, write_data


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """What to make, and where."""

    task: str
    n: int
    out: Path | None = None
    """The task's folder; ``data/<task>`` if not given."""
    seed: int = 0
    style: Style = "direct"
    words: str = "wordfreq:en"
    language: str = "en"
    ratios: tuple[float, float, float] = (0.8, 0.1, 0.1)
    overwrite: bool = False
    workers: int = 1


@dataclass(frozen=True, slots=True)
class GenerateResult:
    """What lies on disk now."""

    folder: Path
    task: str
    rows: dict[str, int]
    """Per split."""
    floors: dict[str, float]
    """Per split: what always guessing the commonest answer scores."""
    n_rejects: int
    made: bool
    """False when the same data set was there already and was verified instead."""
    fingerprint: str
    example: dict[str, str]
    """One row: prompt and completion."""


def generate(request: GenerateRequest, progress: Progress = SILENT) -> GenerateResult:
    """Makes a data set, finishes a broken-off one, or verifies that it is there.

    Args:
        request: What to make.
        progress: Shows rows.

    Returns:
        What lies on disk.

    Raises:
        InputError: Unknown task, too few distinct rows, or another data set lies there.
        ResourceError: The disk is full or not writable.
    """
    source = Source.of(settings_of(request))
    folder = request.out or Path("data") / request.task
    check_place(folder)
    if not request.overwrite and (folder / NAME).is_file():
        return _result(_verified(source, folder), made=False)
    if folder.exists():
        _refuse_replacing(folder, overwrite=request.overwrite)
    write_data(source, folder, workers=request.workers, progress=progress, anew=request.overwrite)
    return _result(TaskFolder.open(folder), made=True)


def _refuse_replacing(folder: Path, *, overwrite: bool) -> None:
    """Lets an empty folder be filled and a data set be overwritten; anything else belongs to somebody."""
    if not folder.is_dir():
        raise InputError(f"'{folder}' is a file", where=str(folder), hint="choose another --out")
    if foreign := foreign_files(folder):
        raise InputError(
            f"'{folder}' is there and is no data set: it holds '{foreign[0]}'",
            where=str(folder),
            hint="choose another --out",
        )
    if not overwrite and any(folder.iterdir()):
        raise InputError(
            f"'{folder}' is there and has no {NAME}",
            where=str(folder),
            hint="add --overwrite to replace it, or choose another --out",
        )


def settings_of(request: GenerateRequest) -> DataSettings:
    """Checks the request.

    Raises:
        InputError: A value is out of range.
    """
    if request.n <= 0:
        raise InputError(f"cannot make {request.n} rows", where="--n", hint="a whole number above 0")
    if min(request.ratios) < 0 or not 0 < sum(request.ratios) < inf:  # NaN is not between them either
        raise InputError(f"ratios {request.ratios} share out nothing", where="--ratios", hint="such as 0.8,0.1,0.1")
    try:
        return DataSettings(
            task=request.task,
            n=request.n,
            seed=request.seed,
            style=request.style,
            words=request.words,
            language=request.language,
            ratios=request.ratios,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(str(first["msg"]), where=".".join(map(str, first["loc"]))) from error


def _verified(source: Source, folder: Path) -> TaskFolder:
    """Accepts a complete folder only if it is what the request would make, byte for byte."""
    manifest = Manifest.load(folder)
    if manifest.fingerprint != source.fingerprint:
        raise InputError(
            f"'{folder}' holds another data set: {difference(manifest.settings, source)}",
            where=str(folder),
            hint="add --overwrite to replace it, or choose another --out",
        )
    found = TaskFolder.open(folder)
    found.check_hashes()
    return found


def _result(folder: TaskFolder, *, made: bool) -> GenerateResult:
    manifest = folder.manifest
    split = next(iter(manifest.splits))
    example = next(folder.batches(split, ["prompt", "completion"])).slice(0, 1).to_pylist()[0]
    return GenerateResult(
        folder=folder.path,
        task=folder.task,
        rows={name: facts.rows for name, facts in manifest.splits.items()},
        floors={name: facts.floor for name, facts in manifest.splits.items()},
        n_rejects=sum(manifest.rejects.values()),
        made=made,
        fingerprint=manifest.fingerprint,
        example=example,
    )
