"""A tracker that remembers, and runs to follow."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sdp.runs.folder import Run
from sdp.runs.tracking.contract import Point, Record, Settings

RECIPE = {"model": "tiny", "lora": {"r": 16, "target_modules": ["q", "v"]}, "training": {"learning_rate": 1e-3}}


class Recording:
    """What one place has been told, by whichever process.

    Args:
        name: Of the tracker.
        fails: What raises: ``start``, ``log``, ``artifact``, ``finish``.
    """

    def __init__(self, name: str = "wandb", fails: Sequence[str] = ()) -> None:
        self.name = name
        self.fails = set(fails)
        self.begun: list[str | None] = []
        """What `start` was told of an earlier one."""
        self.points: list[Point] = []
        self.artifacts: list[tuple[str, str, dict[str, str]]] = []
        self.statuses: list[str] = []
        self.where = f"{name}'s place"
        self.settles_s = 0.0

    def start(self, record: Record, known: str | None) -> str:
        sys.stdout.write("the tool says hello\n")  # as some do
        self._maybe_fail("start")
        self.begun.append(known)
        return f"{self.name}-{record['id']}"

    def log(self, points: Sequence[Point]) -> None:
        self._maybe_fail("log")
        self.points += points

    def artifact(self, files: Mapping[str, Path], name: str, kind: str) -> None:
        self._maybe_fail("artifact")
        held = {inside: path.read_bytes().decode("latin-1") for inside, path in files.items()}
        self.artifacts.append((name, kind, held))

    def finish(self, record: Record) -> None:
        self._maybe_fail("finish")
        self.statuses.append(record["status"])

    @property
    def values(self) -> list[tuple[str, int, float]]:
        return [(name, point.step, value) for point in self.points for name, value in point.values.items()]

    def _maybe_fail(self, what: str) -> None:
        if what in self.fails:
            raise ConnectionError(f"{what}: nobody there\nsecond line")


def install(monkeypatch: Any, *trackers: Recording) -> None:
    """Puts recording trackers where the real ones are, for every process-wide door."""
    by_name = {tracker.name: tracker for tracker in trackers}

    def opened(name: str, settings: Settings, folder: Path) -> Recording:
        return by_name[name]

    monkeypatch.setattr("sdp.runs.tracking.trackers.open_tracker", opened)
    monkeypatch.setattr("sdp.runs.tracking.available.find_spec", lambda name: name in by_name or None)


def a_run(root: Path, **tracking: Any) -> Run:
    """A new finetune run."""
    return Run.create(root, "finetune", "spelling", {"recipe": RECIPE | {"tracking": tracking}, "device": "cpu"})


def train(run: Run, steps: Sequence[int]) -> None:
    """What a training says while it goes on."""
    for step in steps:
        run.event("train", step=step, loss=1 / step, learning_rate=1e-3)


def finish(run: Run) -> None:
    """What a training leaves."""
    (run.path / "adapter").mkdir()
    (run.path / "adapter" / "adapter_config.json").write_text("{}")
    run.event("trained", steps=30, best_step=20)
    run.finish({"trained": {"best_step": 20}})


def told(run: Run) -> list[dict[str, Any]]:
    """What tracking.json says."""
    entries: list[dict[str, Any]] = json.loads((run.path / "tracking.json").read_text())["told"]
    return entries
