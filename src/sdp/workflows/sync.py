"""`sdp runs sync`: trackers get of finished and running runs what they lack, and nothing twice."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sdp.data.atomic import alone
from sdp.errors import InputError
from sdp.progress import SILENT, Progress
from sdp.runs.find import find_run
from sdp.runs.folder import Run, runs
from sdp.runs.tracking.available import check_trackers, tracker_names
from sdp.runs.tracking.contract import Settings
from sdp.runs.tracking.trackers import FOLDER, open_trackers, told_of
from sdp.workflows.tracking_settings import settings_of_run, with_settings

Outcome = Literal["sent", "up to date", "failed", "busy"]


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """What to send where."""

    runs: Sequence[str] = ()
    """As in `sdp.runs.find.find_run`; empty: all runs below `root`."""
    root: Path = Path("runs")
    to: Sequence[str] = ()
    """Trackers; empty: those that a run names itself or was sent to before."""
    overrides: Sequence[str] = ()
    """``tracking.project=…`` and the like; the run's own where not given."""


@dataclass(frozen=True, slots=True)
class Synced:
    """One run and one tracker."""

    run: str
    tracker: str
    outcome: Outcome
    where: str | None = None
    """The place that holds the run now; None: nothing was tried."""
    n_events: int = 0
    """Sent now."""
    n_artifacts: int = 0
    """Sent now."""
    error: str | None = None


def sync(request: SyncRequest, progress: Progress = SILENT) -> list[Synced]:
    """Sends trackers what they lack.

    Args:
        request: Which runs, which trackers.
        progress: Shows runs.

    Returns:
        One entry per run and tracker, in the order of the runs. A tracker that fails is an entry, too.

    Raises:
        InputError: No such run or tracker, or a run without a tracker where runs are named.
        ConfigError: An override that cannot be used.
        MissingExtra: A tracker's package is not installed.
    """
    to = tracker_names(request.to)
    check_trackers(to)
    wanted = [(run, _settings(run, to, request.overrides)) for run in _found(request)]
    if not any(settings.to for _, settings in wanted):
        what = f"{_list(request.runs)} names no tracker" if request.runs else f"no run in '{request.root}' is tracked"
        raise InputError(what, where=str(request.root), hint="say where to: --track tensorboard")
    for _, settings in wanted:
        check_trackers(settings.to)
    done: list[Synced] = []
    with progress.bar("syncing", len(wanted), "runs") as bar:
        for run, settings in wanted:
            done += _sync_one(run, settings)
            bar.advance()
    return done


def _found(request: SyncRequest) -> list[Run]:
    if not request.runs:
        return runs(request.root)
    found = {run.path.resolve(): run for run in (find_run(name, request.root) for name in request.runs)}
    return list(found.values())


def _settings(run: Run, to: Sequence[str], overrides: Sequence[str]) -> Settings:
    settings = with_settings(settings_of_run(run.record), overrides)
    before = [told.tracker for told in told_of(run.path)]
    return replace(settings, to=tuple(dict.fromkeys(to or [*settings.to, *before])))


def _sync_one(run: Run, settings: Settings) -> list[Synced]:
    if not settings.to:
        return []
    with ExitStack() as stack:
        try:
            stack.enter_context(alone(run.path / FOLDER))
        except InputError:
            return [Synced(run.path.name, name, "busy", error="another process tracks it") for name in settings.to]
        trackers = open_trackers(settings, run, lambda _: None)  # its errors are in the result
        trackers.close()
        return [
            Synced(
                run.path.name,
                fed.told.tracker,
                "failed" if fed.told.error else "sent" if fed.begun else "up to date",
                fed.told.where,
                fed.n_events,
                fed.n_artifacts,
                fed.told.error,
            )
            for fed in trackers.fed
        ]


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
