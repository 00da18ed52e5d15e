"""A run in a store: ``<URL>/<run>/`` with run.json, events.jsonl, checkpoints, data and, at the end, the result."""

import json
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdp.data.place import Place
from sdp.errors import InputError
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints import listing, record
from sdp.runs.checkpoints.folder import FOLDER, complete
from sdp.runs.checkpoints.transfer import Sent, read_or_none, send
from sdp.runs.folder import EVENTS, RECORD

KIND = "finetune"
RESULTS = ("adapter", "model")
DATA = "data"
BESIDE = (EVENTS, "log.jsonl", "tracking.json")
"""Files that a run is whole without."""


@dataclass(frozen=True, slots=True)
class RemoteRun:
    """A run in a store."""

    place: Place
    record: dict[str, Any]

    @property
    def id(self) -> str:
        """Name of its folder."""
        return str(self.record["id"])

    @property
    def is_complete(self) -> bool:
        """Whether it came to its end."""
        return bool(self.record["status"] == "complete")

    def steps(self) -> list[int]:
        """Steps of its whole checkpoints, in order."""
        return steps_of(self.place)


def find_remote(place: Place, *, unfinished: bool = False) -> RemoteRun:
    """Finds a run: the folder itself, or the newest one in it.

    Args:
        place: What the user named.
        unfinished: Whether, of several, those that are complete are passed over.

    Raises:
        InputError: There is none.
        ResourceError: It cannot be looked into.
    """
    here = _open(place)
    if here is not None:
        return here
    for name in reversed(place.folders()):  # names begin with the time
        found = _open(place.child(name))
        if found is not None and not (unfinished and found.is_complete):
            return found
    raise InputError(
        f"there is no run in '{place}'",
        where=str(place),
        hint="a run lies where --mirror or `push` was sent, in a folder",
    )


def steps_of(place: Place) -> list[int]:
    """Steps of a run's whole checkpoints in a store, in order."""
    above = place.child(FOLDER)
    return [step for step, name in _named(place).items() if above.child(name).size(record.NAME) is not None]


def push_checkpoint(checkpoint: Path, place: Place) -> Sent:
    """Sends one checkpoint.

    Args:
        checkpoint: Its folder.
        place: Of the run.

    Raises:
        ResourceError: The store does not take it.
    """
    facts = record.read(checkpoint)
    target = place.child(FOLDER).child(folders.name_of(facts.step))
    return send(checkpoint, facts.files, target, record.NAME, facts.text())


def push_beside(run: Path, place: Place) -> None:
    """Sends run.json and what else is small and changes.

    Args:
        run: The run's folder.
        place: Of the run.
    """
    for name in (RECORD, *BESIDE):
        if (run / name).is_file():
            place.write_text(name, (run / name).read_text(encoding="utf-8"))


def push_results(run: Path, place: Place) -> Sent:
    """Sends the adapter or the model that a complete run has left, if there is one."""
    there = [run / name for name in RESULTS if (run / name).is_dir()]
    return sum((push_folder(path, place.child(path.name)) for path in there), Sent())


def push_folder(folder: Path, place: Place) -> Sent:
    """Sends a folder that holds no record of its own."""
    files = listing.list_files(folder)
    return send(folder, files, place, listing.NAME, listing.to_text(files))


def keep_only(place: Place, steps: Collection[int]) -> None:
    """Removes other checkpoints from a store, half-sent ones, too.

    The record goes first, so a half-removed one counts for nothing.

    Args:
        place: Of the run.
        steps: Those that stay.
    """
    for step, name in _named(place).items():
        if step in steps:
            continue
        target = place.child(FOLDER).child(name)
        raw = read_or_none(target, record.NAME)
        files = {file.file for file in record.parse(raw, str(target)).files} if raw else set()
        target.remove(record.NAME)
        for file in sorted(files | set(target.names())):
            target.remove(file)
        if target.is_local:
            shutil.rmtree(target.path)


def push_run(run: Path, place: Place, steps: Iterable[int] | None = None) -> tuple[list[int], Sent]:
    """Sends a run: its record, checkpoints, events and result.

    Args:
        run: The run's folder.
        place: Holds runs, by name.
        steps: Which checkpoints; None: all.

    Returns:
        The steps, and what was sent.

    Raises:
        ResourceError: The store does not take it.
        InputError: A checkpoint is damaged.
    """
    target = place.child(run.name)
    target.write_text(RECORD, (run / RECORD).read_text(encoding="utf-8"))
    there = complete(run / FOLDER)
    chosen = sorted(there) if steps is None else sorted(steps)
    sent = sum((push_checkpoint(there[step], target) for step in chosen), Sent())
    sent += push_results(run, target)
    push_beside(run, target)
    return chosen, sent


def _named(place: Place) -> dict[int, str]:
    """Names what looks like a checkpoint, by step."""
    found = {step: name for name in place.child(FOLDER).folders() if (step := folders.step_of(name)) is not None}
    return dict(sorted(found.items()))


def _open(place: Place) -> RemoteRun | None:
    raw = read_or_none(place, RECORD)
    if raw is None:
        return None
    try:
        tree = json.loads(raw)
    except ValueError:
        tree = None
    if not isinstance(tree, dict) or tree.get("kind") != KIND or not {"id", "status", "config"} <= tree.keys():
        raise InputError(f"'{place}' is not a {KIND} run: {RECORD} cannot be used", where=str(place))
    return RemoteRun(place, tree)
