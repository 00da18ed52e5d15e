"""A run from a store or an archive, put into the runs folder: whole, or not there."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdp.data.atomic import alone, disk, swap_in
from sdp.errors import InputError
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints import listing, record
from sdp.runs.checkpoints.folder import FOLDER, complete
from sdp.runs.checkpoints.remote import BESIDE, RESULTS, RemoteRun
from sdp.runs.checkpoints.transfer import fetch, read_or_none
from sdp.runs.checkpoints.verified import check
from sdp.runs.folder import RECORD, Run

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where to put what arrives."""

    folder: Path
    is_further: bool
    """Whether it is further than what is here: only then its events, its result and run.json are wanted."""


def pull_run(remote: RemoteRun, root: Path, steps: set[int] | None, note: Callable[[str], None]) -> Path:
    """Copies a run out of a store. Checkpoints that are whole here stay; so does everything else that is further.

    Args:
        remote: The run.
        root: Where runs lie.
        steps: Which checkpoints; None: all.
        note: Told which checkpoints are damaged there.

    Returns:
        The run's folder.

    Raises:
        InputError: Every checkpoint is damaged, or somebody works on the run here.
        ResourceError: The store does not give it, or the disk does not take it.
    """
    run = folder_of(remote.id, root, str(remote.place))
    there = remote.steps()
    with arriving(run, remote.record, max(there, default=-1)) as arrival:
        _pull_checkpoints(remote, run, there if steps is None else sorted(steps), arrival.folder, note)
        if arrival.is_further:
            for name in BESIDE:
                if (raw := read_or_none(remote.place, name)) is not None:
                    (arrival.folder / name).write_bytes(raw)
            for name in RESULTS:
                pull_folder(remote, name, arrival.folder / name)
    return run


def pull_folder(remote: RemoteRun, name: str, into: Path) -> bool:
    """Copies a folder of a run that has a listing, such as ``adapter``.

    Returns:
        Whether it is there.
    """
    place = remote.place.child(name)
    raw = read_or_none(place, listing.NAME)
    if raw is None:
        return False
    fetch(place, listing.parse(raw, str(place)), into)
    return True


def folder_of(name: str, root: Path, where: str) -> Path:
    """Gives the folder of a run that comes from elsewhere.

    Raises:
        InputError: Its name leads out of `root`.
    """
    if not _ID.fullmatch(name):
        raise InputError(f"'{name}' is no name of a run", where=where)
    return root / name


@contextmanager
def arriving(run: Path, tree: dict[str, Any], newest: int) -> Iterator[Arrival]:
    """Gives a folder to fill with what arrives, and moves it to its places at the end of the block.

    Args:
        run: The run's folder, there or not.
        tree: run.json as it arrives.
        newest: Newest step of what arrives.
    """
    is_new = not (run / RECORD).is_file()
    staging = run.parent / f".{run.name}.arriving"
    with disk(staging), alone(staging if is_new else run):
        if not is_new:
            shutil.rmtree(staging, ignore_errors=True)
        for path in folders.strangers(staging / FOLDER):  # of an earlier call that broke off
            shutil.rmtree(path)
        (staging / FOLDER).mkdir(parents=True, exist_ok=True)
        arrival = Arrival(staging, is_new or _stand(tree, newest) > _stand_here(run))
        yield arrival
        (staging / RECORD).write_text(json.dumps(tree, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        if is_new:
            staging.rename(run)
            return
        _settle(arrival, run)
        shutil.rmtree(staging, ignore_errors=True)


def _stand(tree: dict[str, Any], newest: int) -> tuple[bool, int]:
    return tree.get("status") == "complete", newest


def _stand_here(run: Path) -> tuple[bool, int]:
    return _stand(Run.open(run).record, max(complete(run / FOLDER), default=-1))


def _settle(arrival: Arrival, run: Path) -> None:
    """Adds what has arrived to a run that is here."""
    (run / FOLDER).mkdir(exist_ok=True)
    for step, path in complete(arrival.folder / FOLDER).items():
        folders.move_in(run / FOLDER, path, step)
    folders.clear(run / FOLDER)
    if not arrival.is_further:
        return
    for name in RESULTS:
        if (arrival.folder / name).is_dir():
            swap_in(arrival.folder / name, run / name)
    for name in (*BESIDE, RECORD):
        with suppress(FileNotFoundError):
            (arrival.folder / name).replace(run / name)


def _pull_checkpoints(
    remote: RemoteRun, run: Path, steps: list[int], staging: Path, note: Callable[[str], None]
) -> None:
    """Gets what is not here yet, the newest first; one that is damaged there is passed over if another one is not."""
    faults: list[InputError] = []
    for step in reversed(steps):
        if _is_whole(run, step) or _is_whole(staging, step):  # an earlier call broke off
            continue
        try:
            _pull_checkpoint(remote, step, staging / FOLDER / folders.name_of(step))
        except InputError as error:
            shutil.rmtree(staging / FOLDER / folders.name_of(step), ignore_errors=True)
            faults.append(error)
    if faults and len(faults) == len(steps):
        raise faults[0]
    for fault in faults:
        note(f"passed over: {fault.what}")


def _is_whole(run: Path, step: int) -> bool:
    try:
        check(run / FOLDER / folders.name_of(step))
    except InputError:
        return False
    return True


def _pull_checkpoint(remote: RemoteRun, step: int, into: Path) -> None:
    place = remote.place.child(FOLDER).child(into.name)
    raw = read_or_none(place, record.NAME)
    if raw is None:
        raise InputError(f"there is no checkpoint {into.name} in '{remote.place}'", where=str(place))
    facts = record.parse(raw, str(place))
    if facts.step != step:
        raise InputError(f"'{place}' holds step {facts.step}", where=str(place))
    fetch(place, facts.files, into)
    folders.seal(into, facts)
