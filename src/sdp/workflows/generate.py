"""`sdp generate`: a task's data set, exactly as many rows as asked for."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from os import cpu_count
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from sdp.data.atomic import LOCK, check_place
from sdp.data.dataset import check_shards, foreign_files
from sdp.data.manifest import NAME, Manifest
from sdp.data.place import Place
from sdp.engines.local import Engine
from sdp.errors import ConfigError, InputError
from sdp.plugins.manager import load
from sdp.progress import SILENT, Progress
from sdp.synthesis.settings import DataSettings, Difficulty, Style
from sdp.synthesis.source import Source
from sdp.synthesis.write import Workshop, difference, example_of, write_data

ROWS_PER_WORKER = 1_500_000
"""A second process takes a second to start: below this it does not pay."""


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """What to make, and where."""

    task: str
    n: int = 50_000
    out: Path | str | None = None
    """The task's folder, or a URL; ``data/<task>`` if not given."""
    seed: int = 0
    style: Style = "direct"
    words: str = "wordfreq:en"
    language: str = "en"
    ratios: tuple[float, float, float] = (0.8, 0.1, 0.1)
    noise: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    balance: str = "strata"
    difficulty: Difficulty = "all"
    tokenizer: str | None = None
    domain: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    overwrite: bool = False
    workers: int | None = None
    """Processes; as many as pay if not given."""
    engine: Literal["local", "ray"] = "local"
    ray_address: str | None = None


@dataclass(frozen=True, slots=True)
class GenerateResult:
    """What lies there now."""

    folder: Path | str
    """A URL where it is in an object store."""
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
    notes: tuple[str, ...] = ()
    """What a user should know of the words: lines that were skipped, lists that ended early."""


def generate(request: GenerateRequest, progress: Progress = SILENT) -> GenerateResult:
    """Makes a data set, finishes a broken-off one, or verifies that it is there.

    Args:
        request: What to make.
        progress: Shows rows.

    Returns:
        What lies there.

    Raises:
        InputError: Unknown task, too few distinct rows, or another data set lies there.
        ConfigError: A setting that the task does not know.
        ResourceError: The disk is full or not writable, or the object store does not answer.
    """
    place = place_of(request)
    if place.is_local:
        check_place(place.path)
    source = Source.of(settings_of(request))
    notes = source.lexicon.notes if source.lexicon else ()
    for note in notes:
        progress.note(note)
    if not request.overwrite and place.size(NAME) is not None:
        return _result(place, _verified(source, place), notes, made=False)
    refuse_replacing(place, overwrite=request.overwrite)
    with _engine(request) as engine:
        workshop = Workshop(place, workers_for(request), engine, anew=request.overwrite)
        manifest = write_data(source, workshop, progress)
    return _result(place, manifest, notes, made=True)


def place_of(request: GenerateRequest) -> Place:
    """Says where the data set goes."""
    return Place.of(request.out or Path("data") / request.task)


def workers_for(request: GenerateRequest) -> int:
    """Says how many processes to use: one per so many rows, as many as there are cores."""
    return request.workers or max(1, min(cpu_count() or 1, request.n // ROWS_PER_WORKER))


@contextmanager
def _engine(request: GenerateRequest) -> Iterator[Engine | None]:
    """Connects to a cluster, for as long as it takes; None stands for processes on this machine."""
    if request.engine == "local":
        yield None
        return
    if request.ray_address is not None:
        _refuse_local_plugins(request.ray_address)
    from sdp.engines.ray import map_work
    from sdp.engines.ray_session import session

    workers, address = request.workers or cpu_count() or 1, request.ray_address
    with session(address, workers):
        yield lambda work, shared, items: map_work(work, shared, items, workers, address)


def _refuse_local_plugins(address: str) -> None:
    """A node of a cluster has no working folder with our sdp.toml in it, and would make other rows or none."""
    if local := load().local:
        raise ConfigError(
            f"plugins of this folder's sdp.toml cannot be used on a cluster: {', '.join(local)}",
            where=f"--ray-address {address}",
            hint="make them a package (sdp plugins new NAME) and install it on every node; Ray without an address, and "
            "--workers, take them as they are; SDP_PLUGINS= leaves them out",
        )


def refuse_replacing(place: Place, *, overwrite: bool) -> None:
    """Lets an empty folder be filled and a data set be overwritten; anything else belongs to somebody."""
    if not place.is_local or not place.path.exists():
        return
    folder = place.path
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
        ConfigError: A value is of the wrong kind.
    """
    if request.n <= 0:
        raise InputError(f"cannot make {request.n} rows", where="--n", hint="a whole number above 0")
    if min(request.ratios) < 0 or not 0 < sum(request.ratios) < inf:  # NaN is not between them either
        raise InputError(f"ratios {request.ratios} share out nothing", where="--ratios", hint="such as 0.8,0.1,0.1")
    return checked_settings({name: getattr(request, name) for name in DataSettings.model_fields if name in _SETTINGS})


_SETTINGS = frozenset(GenerateRequest.__dataclass_fields__)


def checked_settings(values: Mapping[str, Any]) -> DataSettings:
    """Makes settings out of plain values, such as a manifest's.

    Raises:
        ConfigError: A value is of the wrong kind.
    """
    try:
        return DataSettings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(str(first["msg"]), where=".".join(map(str, first["loc"]))) from error


def _verified(source: Source, place: Place) -> Manifest:
    """Accepts a complete folder only if it is what the request would make, byte for byte."""
    manifest = Manifest.load(place)
    if manifest.fingerprint != source.fingerprint:
        raise InputError(
            f"'{place}' holds another data set: {difference(manifest.settings, source)}",
            where=str(place),
            hint="add --overwrite to replace it, or choose another --out",
        )
    check_shards(place, manifest.shards, hashes=True)
    if place.size(LOCK) is not None:  # of a run that was killed when nothing but this was left to do
        place.remove(LOCK)
    return manifest


def _result(place: Place, manifest: Manifest, notes: Iterable[str], *, made: bool) -> GenerateResult:
    return GenerateResult(
        folder=place.path if place.is_local else place.url,
        task=manifest.task,
        rows={name: facts.rows for name, facts in manifest.splits.items()},
        floors={name: facts.floor for name, facts in manifest.splits.items()},
        n_rejects=sum(manifest.rejects.values()),
        made=made,
        fingerprint=manifest.fingerprint,
        example=example_of(place, manifest),
        notes=tuple(notes),
    )
