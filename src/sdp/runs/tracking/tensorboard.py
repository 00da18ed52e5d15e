"""TensorBoard: event files in the run folder. It keeps no files, so artifacts are named in a text."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sdp.runs.tracking.contract import Point, Record, Settings
from sdp.runs.tracking.names import settings_of


class Tensorboard:
    """Writes with TensorBoard's own writer: torch is not needed for it.

    Args:
        settings: Only the run's name, group and tags, as text: TensorBoard has no projects.
        folder: Event files go to ``tensorboard/`` in it.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder / "tensorboard"
        self._writer: Any = None
        self._step = 0
        self.settles_s = 0.0
        self.where = "tracking/tensorboard"  # moves with the run

    def start(self, record: Record, known: str | None) -> str:
        """Opens a new event file; TensorBoard reads all files of a folder as one run."""
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        self._writer = EventFileWriter(str(self._folder), flush_secs=1)
        if known is None:
            shown = {**_about(self._settings, record), **settings_of(record)}
            self._text("settings", "".join(f"    {name}: {json.dumps(value)}\n" for name, value in shown.items()))
        return str(record["id"])

    def log(self, points: Sequence[Point]) -> None:
        """Writes scalars, at the time when they were measured."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        for point in points:
            values = [Summary.Value(tag=name, simple_value=value) for name, value in point.values.items()]
            self._writer.add_event(Event(wall_time=point.time, step=point.step, summary=Summary(value=values)))
            self._step = point.step
        self._writer.flush()

    def artifact(self, files: Mapping[str, Path], name: str, kind: str) -> None:
        """Says where the files lie."""
        self._text(f"{kind}/{name}", "".join(f"    {path.resolve()}\n" for path in files.values()))

    def finish(self, record: Record) -> None:
        """Closes the file."""
        self._text("status", str(record["status"]))
        self._writer.close()

    def _text(self, tag: str, text: str) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.plugins.text.summary_v2 import text_pb

        self._writer.add_event(Event(wall_time=time.time(), step=self._step, summary=text_pb(tag, text)))
        self._writer.flush()


def _about(settings: Settings, record: Record) -> dict[str, str]:
    about = {"name": settings.name_of(record), "group": settings.group or "", "tags": ", ".join(settings.tags)}
    return {name: value for name, value in about.items() if value}
