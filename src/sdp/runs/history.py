"""A run's history: its events by kind, each step once, and of a long run not more than can be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sdp.runs.events import RESTARTS, Event, is_stepped, stands, taken_back
from sdp.runs.thinned import Thinned

_VALUES = ("train", "eval")
_KINDS = ("checkpoint", "alert", "score", "stopping", "status", "trained")


@dataclass(frozen=True, slots=True)
class History:
    """The events of a run, in order, by kind."""

    train: list[Event] = field(default_factory=list)
    evals: list[Event] = field(default_factory=list)
    checkpoints: list[Event] = field(default_factory=list)
    alerts: list[Event] = field(default_factory=list)
    scores: list[Event] = field(default_factory=list)
    """The last one of each target, task, metric and step: a bench may be repeated."""
    stopping: Event | None = None
    statuses: list[Event] = field(default_factory=list)
    trained: Event | None = None
    is_thinned: bool = False
    """Whether there were more `train` or `eval` events than are here."""

    @property
    def step(self) -> int:
        """The last step that anything is known of; 0 before the first."""
        return max((int(event["step"]) for event in (*self.train[-1:], *self.evals[-1:])), default=0)


class Chronicle:
    """A history that grows with its run.

    A run that was killed and resumed goes through the steps after its checkpoint again: what it said about them the
    first time is left out.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, list[Event]] = {kind: [] for kind in _KINDS}
        self._values = {kind: Thinned() for kind in _VALUES}
        self._again = False

    def add(self, events: Iterable[Event]) -> None:
        """Takes the next events."""
        for event in events:
            kind = str(event.get("event"))
            if self._again or kind in RESTARTS:
                self._take_back(event)
            if kind in _KINDS:
                self._kinds[kind].append(event)
            elif kind in _VALUES and is_stepped(event):
                self._values[kind].append(event)

    def _take_back(self, event: Event) -> None:
        first, self._again = taken_back(event, again=self._again)
        if first is None:
            return
        for kind, kept in self._kinds.items():
            self._kinds[kind] = [one for one in kept if stands(one, first)]
        for values in self._values.values():
            values.keep(lambda one: stands(one, first))

    @property
    def history(self) -> History:
        """What is known by now."""
        kinds = self._kinds
        scores = {tuple(one.get(name) for name in ("target", "task", "metric", "step")): one for one in kinds["score"]}
        return History(
            train=list(self._values["train"]),
            evals=list(self._values["eval"]),
            checkpoints=list(kinds["checkpoint"]),
            alerts=list(kinds["alert"]),
            scores=list(scores.values()),
            stopping=next(reversed(kinds["stopping"]), None),
            statuses=list(kinds["status"]),
            trained=next(reversed(kinds["trained"]), None),
            is_thinned=any(values.is_thinned for values in self._values.values()),
        )


def history(events: Iterable[Event]) -> History:
    """Sorts events by kind.

    Args:
        events: As they lie in events.jsonl.
    """
    chronicle = Chronicle()
    chronicle.add(events)
    return chronicle.history
