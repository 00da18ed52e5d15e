"""What a tracker is: four verbs and a place, and the settings that all of them share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

Record = Mapping[str, Any]
"""What run.json holds."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a run is followed, and under which names. The keys are those of a recipe's `tracking`."""

    to: Sequence[str] = ()
    """Names of trackers."""
    project: str = "sdp"
    """Weights & Biases' and Trackio's project, MLflow's experiment."""
    entity: str | None = None
    """Weights & Biases' user or team."""
    group: str | None = None
    """Runs that belong together, such as the seeds of one study."""
    tags: Sequence[str] = ()
    name: str | None = None
    """Of the run; None: the run folder's."""
    register_model: str | None = None
    """Name under which MLflow registers the adapter."""

    def name_of(self, record: Record) -> str:
        """Names the run for people."""
        return self.name or str(record["id"])


@dataclass(frozen=True, slots=True)
class Point:
    """Values at one step. Every tracker gets the same ones, so names are the same everywhere."""

    step: int
    time: float
    """Seconds since 1970 (UTC)."""
    values: Mapping[str, float] = field(default_factory=dict)


class Tracker(Protocol):
    """Another tool that follows a run.

    Whatever it raises is reported once, and the run goes on without it.
    """

    where: str
    """The place its data goes to. What was sent is remembered per place: another place gets everything from the start.
    Known before `start`, which may need the network."""
    settles_s: float
    """After so many seconds what `log` took has outlived this process, should it be killed."""

    def start(self, record: Record, known: str | None) -> str:
        """Begins, or goes on with what was begun before.

        Args:
            record: The run.
            known: What an earlier `start` for this run returned; None: there was none.

        Returns:
            The tool's own id of the run.
        """

    def log(self, points: Sequence[Point]) -> None:
        """Takes values, in order."""

    def artifact(self, files: Mapping[str, Path], name: str, kind: str) -> None:
        """Takes files.

        Args:
            files: By their path inside the artifact.
            name: Unique within the run.
            kind: ``model`` or ``report``.
        """

    def finish(self, record: Record) -> None:
        """Ends, with the run's status as it is now. When this returns, the tool holds all that it was given."""
