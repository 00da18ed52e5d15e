"""Trackio: a database on this machine (``TRACKIO_DIR``), or the server or Space that its own variables name."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sdp.runs.tracking.contract import Point, Record, Settings
from sdp.runs.tracking.names import settings_of, without_secrets


class Trackio:
    """One run of Trackio.

    Args:
        settings: Project, group and name; tags go among the run's settings, since Trackio has none.
        folder: Not used: Trackio's databases hold many runs, and have a place of their own.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        del folder
        self._settings = settings
        self._run: Any = None
        self._id = ""
        self.settles_s = 2.0  # it writes every half second
        self.where = f"{_place()}/{settings.project}"

    def start(self, record: Record, known: str | None) -> str:
        """Begins the run or goes on with it. Trackio finds runs by name, so the folder's is part of it."""
        import trackio

        self._id = str(record["id"])
        name = "-".join(filter(None, (self._settings.name, self._id)))
        about = {"tags": ", ".join(self._settings.tags), "entity": self._settings.entity}
        self._run = trackio.init(
            project=self._settings.project,
            name=known or name,
            group=self._settings.group,
            config=settings_of(record) | {key: value for key, value in about.items() if value},
            resume="allow",
            embed=False,
            # what the machine does is in our own events, under the same names for all trackers
            auto_log_gpu=False,
            auto_log_cpu=False,
        )
        return known or name

    def log(self, points: Sequence[Point]) -> None:
        """Logs one row per point. Trackio writes them half a second later, and stamps them then."""
        for point in points:
            self._run.log(dict(point.values), step=point.step)

    def artifact(self, files: Mapping[str, Path], name: str, kind: str) -> None:
        """Logs an artifact; names are the project's, so the run's id is part of it."""
        import trackio

        artifact = trackio.Artifact(name=f"{name}-{self._id}", type=kind)
        for inside, path in files.items():
            artifact.add_file(path, name=inside)
        self._run.log_artifact(artifact)

    def finish(self, record: Record) -> None:
        """Writes what is left; Trackio keeps no status."""
        import trackio

        del record
        trackio.finish()


def _place() -> str:
    space, server = os.environ.get("TRACKIO_SPACE_ID"), os.environ.get("TRACKIO_SERVER_URL")
    if space or server:
        return f"space {space}" if space else without_secrets(str(server))
    return os.environ.get("TRACKIO_DIR") or "this machine"
