"""`sdp checkpoint pack`, `push` and `pull`: checkpoints in one file, into a store, and back."""

from dataclasses import dataclass
from pathlib import Path

from sdp.data.place import Place
from sdp.errors import InputError
from sdp.progress import SILENT, Progress
from sdp.runs.checkpoints.address import find_checkpoint, find_finetune, split
from sdp.runs.checkpoints.arrival import pull_run
from sdp.runs.checkpoints.folder import FOLDER, complete, step_of
from sdp.runs.checkpoints.pack import ENDING, pack, unpack
from sdp.runs.checkpoints.remote import RemoteRun, find_remote, push_run
from sdp.workflows.checkpoint_list import list_remote


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that was written."""

    file: Path
    steps: list[int]
    n_bytes: int
    unpacked_bytes: int


@dataclass(frozen=True, slots=True)
class Pushed:
    """What is in the store now."""

    run: str
    url: str
    steps: list[int]
    n_files: int
    """That were sent …"""
    n_bytes: int
    n_there: int
    """… and that were there already, with the same bytes."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What is here now."""

    run: Path
    steps: list[int]
    status: str


def pack_checkpoints(name: str | None, out: Path | None, root: Path) -> Packed:
    """Writes a run with one checkpoint, or with all of them, into one file.

    Args:
        name: ``RUN:STEP`` for one checkpoint; a run, or None for the newest, for all.
        out: The file; ``RUN.tar.zst`` or ``RUN-step-….tar.zst`` here if not given.
        root: Where runs lie.

    Raises:
        InputError: No such run or checkpoint, or a damaged one.
        ResourceError: The disk does not take it.
    """
    run, chosen = _chosen(name, root)
    label = run.name if _is_whole_run(name) else f"{run.name}-{next(iter(chosen.values())).name}"
    target = out or Path(f"{label}{ENDING}")
    if target.is_dir():
        target /= f"{label}{ENDING}"
    before, after = pack(run, chosen, target)
    return Packed(target, sorted(chosen), after, before)


def push_checkpoints(name: str | None, url: str, root: Path, progress: Progress = SILENT) -> Pushed:
    """Sends a run with one checkpoint, or with all of them, to ``URL/RUN``.

    Args:
        name: As for `pack_checkpoints`.
        url: Holds runs, by name; a folder will do.
        root: Where runs lie.
        progress: Shows that something happens.

    Raises:
        InputError: No such run or checkpoint, a damaged one, or a URL that cannot be used.
        MissingExtra: The package for this kind of store is not installed.
        ResourceError: The store does not take it.
    """
    place = Place.of(url)
    run, chosen = _chosen(name, root)
    with progress.bar(f"sending to {place}", 1) as bar:
        steps, sent = push_run(run, place, chosen)
        bar.advance()
    return Pushed(run.name, str(place.child(run.name)), steps, sent.n_files, sent.n_bytes, sent.n_there)


def pull_checkpoints(source: str, root: Path, progress: Progress = SILENT) -> Pulled:
    """Gets a run out of a store, or out of a file that `pack_checkpoints` wrote.

    Args:
        source: URL or folder of a run or of several (then the newest), or the file; ``:STEP`` behind it chooses one.
        root: Where runs lie here.
        progress: Shows that something happens.

    Raises:
        InputError: There is no run, or it is damaged.
        ResourceError: The store does not give it, or the disk does not take it.
    """
    if source.endswith(ENDING) and Path(source).is_file():
        run = unpack(Path(source), root)
    else:
        where, step = split(source)
        remote = find_remote(Place.of(where or source))
        steps = None if where == source else {_remote_step(remote, step)}
        with progress.bar(f"fetching {remote.id}", 1) as bar:
            run = pull_run(remote, root, steps, progress.note)
            bar.advance()
    found = find_finetune(str(run), root)
    return Pulled(run, list(complete(run / FOLDER)), str(found.record["status"]))


def _is_whole_run(name: str | None) -> bool:
    return name is None or (split(name)[0] == name and step_of(Path(name).name) is None)


def _chosen(name: str | None, root: Path) -> tuple[Path, dict[int, Path]]:
    """Gives a run's folder, and its checkpoints that were named."""
    if _is_whole_run(name):
        run = find_finetune(name, root).path
        chosen = complete(run / FOLDER)
        if not chosen:
            raise InputError(f"run '{run.name}' has no checkpoint", where=str(run / FOLDER))
        return run, chosen
    path = find_checkpoint(name, root)
    step = step_of(path.name)
    if step is None or path.parent.name != FOLDER:
        raise InputError(f"'{path}' lies in no run", where=str(path), hint="RUN:STEP names a checkpoint in a run")
    return path.parent.parent, {step: path}


def _remote_step(remote: RemoteRun, step: str) -> int:
    listed = list_remote(remote)
    there = [checkpoint.step for checkpoint in listed.checkpoints]
    newest = there[-1] if there else None
    number = {"best": listed.best, "last": newest}.get(step)
    if number is None and step not in {"best", "last"}:
        number = int(step.removeprefix("step-"))
    if number not in there:
        hint = f"there are: {', '.join(map(str, there)) or 'none'}"
        raise InputError(f"there is no checkpoint '{step}'", where=str(remote.place), hint=hint)
    return number
