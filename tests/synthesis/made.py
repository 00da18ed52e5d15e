"""Small data sets, real ones, for tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sdp.data.dataset import TaskFolder
from sdp.data.place import Place
from sdp.plugins import manager
from sdp.plugins.registry import Registry
from sdp.progress import SILENT
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.source import Source
from sdp.synthesis.write import Workshop, write_data

WORDS = "wordfreq:en:600"


def source(task: str = "spelling", n: int = 100, **settings: Any) -> Source:
    """Of a small data set."""
    return Source.of(DataSettings(**({"task": task, "n": n, "words": WORDS} | settings)))


def make(
    folder: Path, task: str = "spelling", n: int = 100, *, workers: int = 1, anew: bool = False, **settings: Any
) -> TaskFolder:
    """Writes a small data set."""
    write_data(source(task, n, **settings), Workshop(Place.of(folder), workers, anew=anew), SILENT)
    return TaskFolder.open(folder)


def rows(folder: TaskFolder) -> list[Mapping[str, Any]]:
    """Every row, in order."""
    return [row for split in folder.manifest.splits for row in folder.table(split).to_pylist()]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def plug_in(monkeypatch: pytest.MonkeyPatch, **kinds: list[type]) -> None:
    """Adds classes to what is built in: plug_in(monkeypatch, validators=[Picky])."""
    built_in = manager.survey()
    added = {kind: {**getattr(built_in, kind), **{one.name: one for one in classes}} for kind, classes in kinds.items()}
    registry = Registry(**({name: getattr(built_in, name) for name in built_in.__dataclass_fields__} | added))
    manager.load.cache_clear()
    monkeypatch.setattr(manager, "survey", lambda: registry)
