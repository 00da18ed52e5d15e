"""`sdp watch`: a run's state again and again, as long as it goes on."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdp.runs.events import Event, history, read_events
from sdp.runs.find import find_run, standing_of
from sdp.runs.folder import EVENTS, Run
from sdp.runs.summary import Summary, summarise


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """Which run, and how often to look."""

    run: str = ""
    """As in `sdp.runs.find.find_run`; ``""``: the newest."""
    root: Path = Path("runs")
    every_s: float = 1.0
    once: bool = False


@dataclass(frozen=True, slots=True)
class WatchView:
    """A run at one moment."""

    summary: Summary
    losses: list[float]
    eval_losses: list[float]
    latest: Event
    """The last `train` event: speed, memory, use."""
    alerts: list[Event]
    new: list[dict[str, Any]]
    """Events since the last look."""

    @property
    def goes_on(self) -> bool:
        """Says whether anything can still come."""
        return self.summary.status == "running"


def watch(request: WatchRequest, sleep: Callable[[float], None] = time.sleep) -> Iterator[WatchView]:
    """Looks at a run until it has ended.

    Args:
        request: Which run.
        sleep: Waits so many seconds.

    Yields:
        What there is to see, at once and then whenever something may have changed.

    Raises:
        InputError: No such run.
    """
    run = find_run(request.run, request.root)
    events: list[dict[str, Any]] = []
    place = 0
    while True:
        run = Run.open(run.path)  # before the events: an ending that is recorded has its last event written
        new, place = read_events(run.path / EVENTS, place)
        events += new
        view = _view(run, events, new)
        yield view
        if request.once or not view.goes_on:
            return
        sleep(request.every_s)


def _view(run: Run, events: list[dict[str, Any]], new: list[dict[str, Any]]) -> WatchView:
    told = history(events)
    return WatchView(
        summary=summarise(run.path.name, run.record, told, standing_of(run)),
        losses=[event["loss"] for event in told.train if event.get("loss") is not None],
        eval_losses=[event["loss"] for event in told.evals if event.get("loss") is not None],
        latest=next(reversed(told.train), {}),
        alerts=told.alerts,
        new=new,
    )
