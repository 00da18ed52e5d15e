"""One run, one folder: ``runs/<time>-<name>-<hash>/`` with run.json, events.jsonl and whatever the run makes."""

import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import platform, python_version
from typing import Any

from sdp.data.atomic import disk, write_json
from sdp.errors import InputError
from sdp.runs.events import read_events

RECORD = "run.json"
EVENTS = "events.jsonl"
_PACKAGES = ("sdp", "torch", "transformers", "peft", "tokenizers", "accelerate", "numpy", "pyarrow")


class Run:
    """A run's folder and its record.

    Args:
        path: The folder.
        record: What run.json holds: kind, name, id, created, status (``running``, ``complete``, ``failed``,
            ``interrupted``), versions, config, result.
        writes: Whether this process writes. Of several that train one run together only the first does.
    """

    def __init__(self, path: Path, record: dict[str, Any], *, writes: bool = True) -> None:
        self.path = path
        self.record = record
        self.writes = writes
        self.listeners: list[Callable[[dict[str, Any]], None]] = []
        """Called with each event after it was written. What one raises goes through: it answers for its own faults."""

    @classmethod
    def create(cls, root: Path, kind: str, name: str, config: Mapping[str, Any]) -> "Run":
        """Makes a new run folder, status running.

        Args:
            root: Where runs lie; made if missing.
            kind: What the run does: ``finetune``, ``bench``.
            name: A short word for people; becomes part of the folder's name.
            config: Everything that decides the result; must be JSON.

        Raises:
            ResourceError: The place is not writable.
        """
        created = datetime.now(UTC)
        text = json.dumps({"kind": kind, "config": config}, sort_keys=True, ensure_ascii=False)
        digest = blake2b(text.encode(), digest_size=4).hexdigest()
        slug = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-.") or kind
        with disk(root):
            root.mkdir(parents=True, exist_ok=True)
            path = _new_folder(root, f"{created:%Y%m%d-%H%M%S}-{slug}-{digest}")
        run = cls(
            path,
            {
                "kind": kind,
                "name": name,
                "id": path.name,
                "created": created.isoformat(timespec="microseconds"),
                "status": "running",
                "versions": versions(),
                "config": dict(config),
                "result": None,
            },
        )
        run.save()
        return run

    @classmethod
    def open(cls, path: Path) -> "Run":
        """Reads the record of a run.

        Raises:
            InputError: The folder is not a run.
        """
        try:
            record = json.loads((path / RECORD).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"'{path}' is not a run: no readable {RECORD}", where=str(path)) from error
        if not isinstance(record, dict) or not {"kind", "status", "config"} <= record.keys():
            raise InputError(f"'{path}' is not a run: {RECORD} lacks kind, status or config", where=str(path))
        if not isinstance(record["config"], dict):
            raise InputError(f"'{path}' is not a run: the config in {RECORD} is no object", where=str(path))
        return cls(path, record)

    def save(self) -> None:
        """Writes run.json, whole or not at all."""
        if self.writes:
            write_json(self.path / RECORD, self.record)

    def event(self, kind: str, **fields: Any) -> None:
        """Appends a line to events.jsonl, the kind, the time (UTC) and the fields, and tells the listeners."""
        if not self.writes:
            return
        values = {name: None if _not_finite(value) else value for name, value in fields.items()}
        line = {"event": kind, "time": datetime.now(UTC).isoformat(timespec="milliseconds"), **values}
        _append(self.path / EVENTS, json.dumps(line, ensure_ascii=False) + "\n")
        for listener in self.listeners:
            listener(line)

    def events(self) -> list[dict[str, Any]]:
        """Reads events.jsonl; a last line that was cut off is left out."""
        return read_events(self.path / EVENTS)[0]

    def finish(self, result: Mapping[str, Any]) -> None:
        """Marks the run complete."""
        self.record["result"] = dict(result)
        self.mark("complete")

    def mark(self, status: str, **fields: Any) -> None:
        """Sets the status, with further fields such as `error`."""
        self.record.update(status=status, **fields)
        self.save()
        self.event("status", status=status, **fields)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Marks the run failed or interrupted when the work inside ends so; the exception goes on."""
        try:
            yield
        except Exception as error:
            self.mark("failed", error=f"{type(error).__name__}: {error}".splitlines()[0])
            raise
        except BaseException:  # Ctrl-C and SIGTERM, which the command line turns into SystemExit
            self.mark("interrupted")
            raise


def runs(root: Path, kind: str | None = None) -> list[Run]:
    """Lists the runs in a folder, newest first; what is not a run is passed over."""
    found = []
    for path in root.glob(f"*/{RECORD}"):
        try:
            run = Run.open(path.parent)
        except InputError:
            continue
        if kind is None or run.record["kind"] == kind:
            found.append(run)
    return sorted(found, key=lambda run: (str(run.record.get("created", "")), run.path.name), reverse=True)


def latest(root: Path, kind: str) -> Run | None:
    """Gives the newest complete run of a kind, or None."""
    return next((run for run in runs(root, kind) if run.record["status"] == "complete"), None)


def versions() -> dict[str, str]:
    """Gives the versions of what decides a result."""
    found = {"python": python_version(), "platform": platform()}
    for package in _PACKAGES:
        try:
            found[package] = _version(package)
        except PackageNotFoundError:
            continue
    return found


@cache
def _version(package: str) -> str:
    return version(package)


def _new_folder(root: Path, name: str) -> Path:
    for attempt in range(1, 1000):
        path = root / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise InputError(f"there are a thousand runs called '{name}'", where=str(root))


def _not_finite(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)  # JSON has neither NaN nor infinity


def _append(path: Path, line: str) -> None:
    """Appends a line. One that a killed process left unfinished is ended first, or it would swallow this one."""
    with disk(path), path.open("ab+") as handle:
        handle.seek(0, os.SEEK_END)
        torn = False
        if handle.tell():
            handle.seek(-1, os.SEEK_END)
            torn = handle.read(1) != b"\n"
        handle.write((b"\n" if torn else b"") + line.encode())
