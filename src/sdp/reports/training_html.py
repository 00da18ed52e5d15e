"""One HTML file about training runs: curves with stopping points and alerts, outcomes, and in what they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdp import __version__
from sdp.data.atomic import write_text
from sdp.reports.one_file import render_page
from sdp.reports.training_figures import Curves, make_training_figures
from sdp.reports.training_view import differing, facts, outcome
from sdp.reports.view import flattened


@dataclass(frozen=True, slots=True)
class RunPage:
    """What the page says of one run."""

    summary: Mapping[str, Any]
    """A `sdp.runs.summary.Summary` as a dictionary."""
    config: Mapping[str, Any]
    """Of run.json."""
    result: Mapping[str, Any]
    curves: Curves


def write_training_report(runs: Sequence[RunPage], path: Path) -> None:
    """Writes the report, whole or not at all.

    Args:
        runs: At most eight can be told apart by colour.
        path: Where the file goes.

    Raises:
        ResourceError: The place is not writable, or the disk is full.
    """
    write_text(path, render_training_report(runs))


def render_training_report(runs: Sequence[RunPage]) -> str:
    """Makes the report's text."""
    figures = make_training_figures([run.curves for run in runs])
    outcomes = [outcome(run.summary, run.result) for run in runs]
    alerts = [{"run": number, **alert} for number, run in enumerate(runs) for alert in run.curves.alerts]
    context = {
        "version": __version__,
        "title": runs[0].summary["id"] if len(runs) == 1 else f"{len(runs)} runs",
        "runs": [{"label": run.curves.label, "facts": facts(run.summary), "id": run.summary["id"]} for run in runs],
        "outcomes": [(name, [one[name] for one in outcomes]) for name in outcomes[0]],
        "figures": figures,
        "alerts": alerts,
        "differing": differing([run.config for run in runs]) if len(runs) > 1 else [],
        "settings": [flattened(dict(run.config)) for run in runs],
        "payload": {"figures": figures},
    }
    return render_page("training_page", css=("page/page.css", "training_page/page.css"), context=context)
