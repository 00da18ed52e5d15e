"""Several trackers behind one: what is new in the run folder goes to each, and one that fails stops nothing."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from textwrap import shorten
from typing import Any

from sdp.data.atomic import alone
from sdp.errors import InputError, SdpError
from sdp.runs.events import read_pieces
from sdp.runs.folder import EVENTS, Run
from sdp.runs.logs import logger
from sdp.runs.tracking.artifacts import artifacts_of
from sdp.runs.tracking.available import open_tracker
from sdp.runs.tracking.contract import Record, Settings, Tracker
from sdp.runs.tracking.names import point_of, without_passwords
from sdp.runs.tracking.state import STATE, State, Told

FOLDER = "tracking"
"""In the run folder: the lock, and what tools keep in files of their own."""

_LONGEST_ERROR = 240
"""Characters; some tools put whole stories into one line."""
_SLOW_S = 0.2
_LOG = logger(__name__)


@dataclass(slots=True)
class Fed:
    """One tracker, and what it has been told."""

    tracker: Tracker
    told: Told
    position: int
    """Bytes of events.jsonl that were sent; `told` has those that are safe."""
    step: int
    unsettled: deque[tuple[float, int, int]] = field(default_factory=deque)
    """When it was sent, and position and step after it."""
    artifacts: dict[str, str] = field(default_factory=dict)
    """Digest by name, of those that were sent and may not be safe yet."""
    begun: bool = False
    resting_until: float = -math.inf
    n_events: int = 0
    """Events with values, sent by this process."""
    n_artifacts: int = 0


class Trackers:
    """Feeds trackers from a run's folder. Nothing that one of them raises comes out.

    Live or later makes no difference: both read events.jsonl from where each tracker stands.

    Args:
        run: Whose.
        trackers: By name.
        note: Gets a sentence when a tracker begins or fails.
        clock: Seconds.
    """

    def __init__(
        self,
        run: Run,
        trackers: Mapping[str, Tracker],
        note: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run = run
        self._note = note
        self._clock = clock
        self._state = State(run.path / STATE)
        told = [(tracker, self._state.of(name, tracker.where)) for name, tracker in trackers.items()]
        self.fed = [Fed(tracker, one, one.position, one.step) for tracker, one in told]
        for fed in self.fed:
            fed.told.error = None  # of an earlier attempt

    def begin(self) -> None:
        """Starts all, says where each keeps the run, and sends what is there."""
        for fed in self.fed:
            self._safely(fed, self._begin)
            if fed.begun:
                self._note(f"tracked by {fed.told.tracker}: {fed.told.where}")
        self.catch_up()

    def listen(self, event: dict[str, Any]) -> None:
        """Sends what is new; what is called with each event.

        A tracker that is slow, such as a server far away, waits ten times as long as it took, and then gets what came
        in the meantime: training has nine tenths of the time at least.
        """
        del event  # it lies in the file, as the ones do that were written while nobody listened
        for fed in self.fed:
            began = self._clock()
            if began < fed.resting_until:
                continue
            self._safely(fed, self._send_events)
            took = self._clock() - began
            if took > _SLOW_S:
                fed.resting_until = began + took + 10 * took

    def catch_up(self) -> None:
        """Sends every event that is new."""
        for fed in self.fed:
            self._safely(fed, self._send_events)

    def close(self, status: str | None = None) -> None:
        """Sends the last events and the artifacts, and ends.

        Args:
            status: Of the run, where its record does not say so yet.
        """
        record = {**self._run.record, "status": status or self._run.record["status"]}
        for fed in self.fed:
            self._safely(fed, self._send_events)
            self._safely(fed, self._send_artifacts)
            self._safely(fed, lambda fed: self._finish(fed, record))

    def _send_events(self, fed: Fed) -> None:
        for events, end in read_pieces(self._run.path / EVENTS, fed.position):
            step, points = fed.step, []
            for event in events:
                point = point_of(event, step)
                step = point.step
                points += [point] if point.values else []
            if points:
                self._begin(fed)
                fed.tracker.log(points)
            if end != fed.position:
                fed.position, fed.step, fed.n_events = end, step, fed.n_events + len(points)
                fed.unsettled.append((self._clock(), end, step))
            self._settle(fed, self._clock() - fed.tracker.settles_s)

    def _settle(self, fed: Fed, until: float) -> None:
        """Notes down what is safe: all that was sent up to a time."""
        before = fed.told.position
        while fed.unsettled and fed.unsettled[0][0] <= until:
            _, fed.told.position, fed.told.step = fed.unsettled.popleft()
        if fed.told.position != before:
            self._state.save()

    def _send_artifacts(self, fed: Fed) -> None:
        for artifact in artifacts_of(self._run.path, self._run.record):
            digest = artifact.digest()
            if fed.told.artifacts.get(artifact.name) != digest:
                self._begin(fed)
                fed.tracker.artifact(artifact.files, artifact.name, artifact.kind)
                fed.artifacts[artifact.name] = digest
                fed.n_artifacts += 1

    def _finish(self, fed: Fed, record: Record) -> None:
        if fed.begun or fed.told.status != record["status"]:
            self._begin(fed)
            fed.tracker.finish(record)
            fed.told.status = record["status"]
            fed.told.artifacts.update(fed.artifacts)
            self._state.save()
        self._settle(fed, math.inf)

    def _begin(self, fed: Fed) -> None:
        """Starts a tracker unless it is: later there may be nothing to tell, and starting some takes seconds."""
        if not fed.begun:
            fed.told.id = fed.tracker.start(self._run.record, fed.told.id)
            fed.begun = True
            self._state.save()

    def _safely(self, fed: Fed, act: Callable[[Fed], None]) -> None:
        if fed.told.error is not None:
            return
        printed = StringIO()
        try:
            with redirect_stdout(printed):  # stdout belongs to the result
                act(fed)
        except Exception as error:  # noqa: BLE001  (any tool, any fault: the run is worth more than its picture)
            said = without_passwords(f"{type(error).__name__}: {error}".splitlines()[0])
            fed.told.error = shorten(said, _LONGEST_ERROR, placeholder=" …")
            self._report(fed)
        for line in filter(None, map(str.strip, printed.getvalue().splitlines())):
            _LOG.debug(without_passwords(line), tracker=fed.told.tracker)

    def _report(self, fed: Fed) -> None:
        name = fed.told.tracker
        _LOG.warning("tracker failed", tracker=name, error=fed.told.error)
        with suppress(SdpError):  # the disk may be what failed
            self._state.save()
        self._note(f"{name}: {fed.told.error}; `sdp runs sync {self._run.path}` sends what it lacks")


def open_trackers(settings: Settings, run: Run, note: Callable[[str], None]) -> Trackers:
    """Makes the trackers of a run; none is started yet.

    Args:
        settings: Which, and under which names.
        run: Whose.
        note: Gets a sentence when a tracker begins or fails.

    Raises:
        InputError: An unknown tracker, or a tracking.json that cannot be read.
        MissingExtra: A tracker's package is not installed.
    """
    folder = run.path / FOLDER
    return Trackers(run, {name: open_tracker(name, settings, folder) for name in dict.fromkeys(settings.to)}, note)


@contextmanager
def tracked(run: Run, settings: Settings, note: Callable[[str], None]) -> Iterator[None]:
    """Follows a run while the work inside goes on, and ends with it.

    Args:
        run: Whose. A process that does not write does not track either.
        settings: Which trackers; none is fine.
        note: Gets a sentence when a tracker begins or fails.

    Raises:
        InputError: An unknown tracker.
        MissingExtra: A tracker's package is not installed.
    """
    if not settings.to or not run.writes:
        yield
        return
    trackers = open_trackers(settings, run, note)
    with ExitStack() as stack:
        try:
            stack.enter_context(alone(run.path / FOLDER))
        except InputError:
            note(f"another process tracks {run.path.name}; `sdp runs sync {run.path}` sends what it lacks")
            yield
            return
        trackers.begin()
        run.listeners.append(trackers.listen)
        ended: str | None = None
        try:
            yield
        except BaseException as error:
            if run.record["status"] == "running":  # a bench that fails leaves its training complete
                ended = "failed" if isinstance(error, Exception) else "interrupted"  # as `Run.guarded` is about to note
            raise
        finally:
            run.listeners.remove(trackers.listen)
            trackers.close(ended)


def told_of(run: Path) -> Sequence[Told]:
    """Gives what every place has been told of a run."""
    return State(run / STATE).told
