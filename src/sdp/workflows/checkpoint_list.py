"""`sdp checkpoint list` and `show`: what checkpoints there are, here or in a store, and what one holds."""

from dataclasses import dataclass
from pathlib import Path

from sdp.data.place import Place
from sdp.errors import InputError
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints import record
from sdp.runs.checkpoints.address import find_checkpoint, find_finetune
from sdp.runs.checkpoints.folder import FOLDER, complete, strangers
from sdp.runs.checkpoints.keep import ranked
from sdp.runs.checkpoints.record import Checkpoint, parse, read
from sdp.runs.checkpoints.remote import RemoteRun, find_remote
from sdp.runs.checkpoints.verified import faults
from sdp.workflows.checkpoint_resume import lies_elsewhere


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Of which run."""

    run: str | None = None
    """A run's folder, its name, or where runs were sent to; None: the newest run."""
    root: Path = Path("runs")


@dataclass(frozen=True, slots=True)
class CheckpointList:
    """The checkpoints of a run, the oldest first."""

    run: str
    where: str
    metric: str | None
    """By which the best is chosen; None if there is no checkpoint."""
    best: int | None
    checkpoints: list[Checkpoint]
    unusable: dict[str, str]
    """Name → why."""


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """One checkpoint, compared with its record."""

    path: Path
    checkpoint: Checkpoint
    faults: list[str]
    """Files that are missing or were changed."""


def list_checkpoints(request: ListRequest) -> CheckpointList:
    """Reads the records of a run's checkpoints.

    Raises:
        InputError: There is no such run.
        ResourceError: The store does not answer.
    """
    if request.run and lies_elsewhere(request.run):
        return list_remote(find_remote(Place.of(request.run)))
    run = find_finetune(request.run, request.root)
    folder = run.path / FOLDER
    found, unusable = [], {path.name: f"it has no {record.NAME}" for path in strangers(folder)}
    for path in complete(folder).values():
        try:
            found.append(read(path))
        except InputError as error:
            unusable[path.name] = error.what
    return _listed(run.path.name, folder.as_posix(), found, unusable)


def show_checkpoint(name: str | None, root: Path) -> CheckpointFacts:
    """Reads one checkpoint and compares every file with its record.

    Args:
        name: As `sdp.runs.checkpoints.address.find_checkpoint` takes it.
        root: Where runs lie.

    Raises:
        InputError: There is none, or its record cannot be used.
    """
    path = find_checkpoint(name, root)
    checkpoint = read(path)
    return CheckpointFacts(path, checkpoint, faults(path, checkpoint))


def list_remote(remote: RemoteRun) -> CheckpointList:
    """Reads the records of a run's checkpoints in a store.

    Raises:
        ResourceError: The store does not answer.
    """
    found, unusable = [], {}
    for step in remote.steps():
        name = folders.name_of(step)
        try:
            found.append(parse(remote.place.child(FOLDER).child(name).read(record.NAME), f"{remote.place}/{name}"))
        except InputError as error:
            unusable[name] = error.what
    return _listed(remote.id, str(remote.place), found, unusable)


def _listed(run: str, where: str, found: list[Checkpoint], unusable: dict[str, str]) -> CheckpointList:
    best = next(iter(ranked({checkpoint.step: checkpoint for checkpoint in found})), None)
    return CheckpointList(run, where, found[-1].metric if found else None, best, found, unusable)
