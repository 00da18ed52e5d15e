"""`sdp runs`: what runs there are, what one did, in what several differ, and their curves as one HTML file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sdp.errors import InputError
from sdp.reports.training_view import differing
from sdp.runs.events import Event, read_outline, read_pieces
from sdp.runs.find import find_run, standing_of
from sdp.runs.folder import EVENTS, Run, runs
from sdp.runs.history import Chronicle, History, history
from sdp.runs.summary import Summary, summarise
from sdp.runs.tracking.names import settings_of

REPORT = "training.html"
MOST = 7
"""Runs on one page: colours that anybody can tell apart."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Which runs."""

    root: Path = Path("runs")
    parts: Sequence[str] = ()
    """Only those whose name has one of these; empty: all."""


@dataclass(frozen=True, slots=True)
class RunDetails:
    """All that a run folder tells."""

    path: Path
    summary: Summary
    settings: Mapping[str, Any]
    """Dotted name → value, without secrets."""
    result: Mapping[str, Any]
    losses: list[float]
    eval_losses: list[float]
    checkpoints: list[str]
    alerts: list[Event]
    scores: list[Event]
    """Of a bench."""
    stopping: Event | None
    benches: list[str]
    """Folders with reports."""
    files: list[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side."""

    runs: list[RunDetails]
    differing: list[tuple[str, list[str]]]
    """Setting, and its text in each run."""


@dataclass(frozen=True, slots=True)
class Plotted:
    """A page that was written."""

    path: Path
    runs: list[str]
    n_points: int
    n_alerts: int


def list_runs(request: ListRequest) -> list[Summary]:
    """Lists runs, newest first.

    Raises:
        InputError: There is no such folder.
    """
    if not request.root.is_dir():
        raise InputError(f"there is no folder '{request.root}'", where="--out", hint="sdp finetune makes a run")
    found = [
        run for run in runs(request.root) if not request.parts or any(part in run.path.name for part in request.parts)
    ]
    return [_summary(run, history(read_outline(run.path / EVENTS))) for run in found]


def show_run(name: str, root: Path = Path("runs")) -> RunDetails:
    """Tells everything about one run.

    Args:
        name: As in `sdp.runs.find.find_run`; ``""``: the newest.
        root: Where runs lie.

    Raises:
        InputError: No such run.
    """
    run = find_run(name, root)
    told = _history(run)
    kinds = ("adapter", "model", "checkpoints", "bench", REPORT, EVENTS)
    return RunDetails(
        path=run.path,
        summary=_summary(run, told),
        settings=settings_of(run.record),
        result=run.record.get("result") or {},
        losses=[event["loss"] for event in told.train if event.get("loss") is not None],
        eval_losses=[event["loss"] for event in told.evals if event.get("loss") is not None],
        checkpoints=sorted(path.name for path in run.path.glob("checkpoints/step-*")),
        alerts=told.alerts,
        scores=told.scores,
        stopping=told.stopping,
        benches=sorted(path.as_posix() for path in run.path.glob("bench/*/") if path.is_dir()),
        files=[(run.path / kind).as_posix() for kind in kinds if (run.path / kind).exists()],
    )


def compare_runs(names: Sequence[str], root: Path = Path("runs")) -> Comparison:
    """Puts runs side by side.

    Raises:
        InputError: Fewer than two, one twice, or no such run.
    """
    if len(names) < 2:  # noqa: PLR2004  (that is what comparing means)
        raise InputError("a comparison needs two runs", where="RUN", hint="sdp runs compare A B")
    found = _distinct([show_run(name, root) for name in names])
    return Comparison(found, differing([one.settings for one in found]))


def plot_runs(names: Sequence[str], root: Path = Path("runs"), out: Path | None = None) -> Plotted:
    """Writes curves as one HTML file.

    Args:
        names: Runs; empty: the newest.
        root: Where runs lie.
        out: The file; ``training.html`` in the run's folder if not given, in `root` for several.

    Raises:
        InputError: No such run, too many, or none with curves.
        ResourceError: The place is not writable.
    """
    from sdp.reports.training_figures import Curves
    from sdp.reports.training_html import RunPage, write_training_report

    found = _distinct([find_run(name, root) for name in names or [""]])
    if len(found) > MOST:
        raise InputError(f"{len(found)} runs are more than colours can tell apart", where="RUN", hint=f"at most {MOST}")
    pages, n_points, n_alerts = [], 0, 0
    for run in found:
        told = _history(run)
        if not (told.train or told.evals):
            kind = "is no training" if run.record["kind"] != "finetune" else "has logged nothing"
            hint = "sdp runs list; a run shorter than its training.logging_steps logs nothing"
            raise InputError(f"'{run.path.name}' {kind}: it has no curves", where="RUN", hint=hint)
        summary = _summary(run, told)
        curves = Curves(
            _label(run, found), told.train, told.evals, told.alerts, told.stopping, summary.best_step, told.is_thinned
        )
        pages.append(RunPage(asdict(summary), settings_of(run.record), run.record.get("result") or {}, curves))
        n_points += len(told.train) + len(told.evals)
        n_alerts += len(told.alerts)
    path = out or ((found[0].path if len(found) == 1 else root) / REPORT)
    if path.is_dir():
        path = path / REPORT
    write_training_report(pages, path)
    return Plotted(path, [run.path.name for run in found], n_points, n_alerts)


def _distinct(found: list[Any]) -> list[Any]:
    paths = [one.path.resolve() for one in found]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise InputError(f"'{twice.name}' is named twice", where="RUN")
    return found


def _label(run: Run, found: Sequence[Run]) -> str:
    """The short name, where only one run has it."""
    name = str(run.record.get("name", run.path.name))
    same = [other for other in found if str(other.record.get("name")) == name]
    return name if len(same) == 1 else run.path.name


def _history(run: Run) -> History:
    told = Chronicle()
    for events, _ in read_pieces(run.path / EVENTS):
        told.add(events)
    return told.history


def _summary(run: Run, told: History) -> Summary:
    return summarise(run.path.name, run.record, told, standing_of(run))
