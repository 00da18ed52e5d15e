"""``tracking.json``: what each place has been told of a run."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sdp.data.atomic import write_json
from sdp.errors import InputError

STATE = "tracking.json"
_VERSION = 1


@dataclass(slots=True)
class Told:
    """What one place has been told.

    What is sent is noted when it is safe there: a process that is killed leaves the last values to be sent twice, and
    never a gap.
    """

    tracker: str
    where: str
    id: str | None = None
    """The tool's own id of the run; None: it was never begun."""
    position: int = 0
    """Bytes of events.jsonl that are safe there."""
    step: int = 0
    """The last one in them."""
    artifacts: dict[str, str] = field(default_factory=dict)
    """Digest by name."""
    status: str | None = None
    """Of the run when it was told last."""
    error: str | None = None
    """Why telling stopped; None: it did not."""


class State:
    """All of it.

    Args:
        path: The file; it need not be there.

    Raises:
        InputError: It is of a newer version, or not ours.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.told: list[Told] = []
        if path.is_file():
            try:
                tree = json.loads(path.read_text(encoding="utf-8"))
                self.told = [Told(**entry) for entry in tree["told"]]  # a newer version may know more keys
            except (ValueError, KeyError, TypeError) as error:
                hint = "move it away, and trackers get the run from the start"
                raise InputError(f"cannot read {STATE}: {error}", where=str(path), hint=hint) from error

    def of(self, tracker: str, where: str) -> Told:
        """Gives what a place has been told, nothing if it is new."""
        for told in self.told:
            if (told.tracker, told.where) == (tracker, where):
                return told
        self.told.append(Told(tracker, where))
        return self.told[-1]

    def save(self) -> None:
        """Writes it, whole or not at all."""
        write_json(self._path, {"version": _VERSION, "told": [asdict(told) for told in self.told]})
