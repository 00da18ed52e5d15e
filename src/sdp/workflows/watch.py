"""`sdp watch`: a run's state again and again, as long as it goes on."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdp.runs.events import Event, read_pieces
from sdp.runs.find import find_run, standing_of
from sdp.runs.folder import EVENTS, Run
from sdp.runs.history import Chronicle, History
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
    """Events since the last look; of one look alone none."""

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
    told, place, ended_before = Chronicle(), 0, False
    while True:
        run = Run.open(run.path)
        status = standing_of(run)
        for new, end in read_pieces(run.path / EVENTS, place):
            told.add(new)
            place = end
            if not request.once:
                yield _view(run, status, told.history, new)
        if request.once:
            yield _view(run, status, told.history, [])
            return
        if status != "running" and (ended_before or _says_so(run, told.history)):
            return
        ended_before = status != "running"
        sleep(request.every_s)


def _says_so(run: Run, told: History) -> bool:
    """An ending is recorded a moment before its event is written."""
    return bool(told.statuses) and told.statuses[-1].get("status") == run.record["status"]


def _view(run: Run, status: str, told: History, new: list[dict[str, Any]]) -> WatchView:
    return WatchView(
        summary=summarise(run.path.name, run.record, told, status),
        losses=[event["loss"] for event in told.train if event.get("loss") is not None],
        eval_losses=[event["loss"] for event in told.evals if event.get("loss") is not None],
        latest=next(reversed(told.train), {}),
        alerts=told.alerts,
        new=new,
    )
