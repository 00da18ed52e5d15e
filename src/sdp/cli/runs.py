"""sdp runs."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sdp.cli.options import JsonFlag, Overrides, Quiet
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed, InputError

if TYPE_CHECKING:
    from sdp.workflows.runs import Plotted
    from sdp.workflows.sync import Synced

Action = Literal["list", "show", "compare", "plot", "sync"]
ROOT = Path("runs")


def run(
    action: Annotated[Action, typer.Argument(help="What to do.")] = "list",
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN]...", help="Run folders, their names or parts of them.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where runs lie; ./runs if not given.")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="plot: the HTML file; training.html beside the run if not given.")
    ] = None,
    track: Annotated[
        list[str] | None, typer.Option("--track", metavar="TRACKER", help="sync: where to; may be repeated.")
    ] = None,
    override: Overrides = None,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Lists runs, shows one, compares several, plots their curves, or sends them to trackers.

    list: newest first, all below ./runs or those whose name has a part. show: settings, curve, checkpoints, alerts and
    files of one; the newest if none is named. compare: what came of two or more, and in which settings they differ.
    plot: one HTML file with loss, gradient, speed and memory, the stopping point and alerts marked. sync: brings
    trackers up to date; nothing is sent twice.
    """
    chosen = names or []
    if action == "list":
        _list(out or ROOT, chosen, as_json=json)
    elif action == "show":
        _show(out or ROOT, chosen, as_json=json)
    elif action == "compare":
        _compare(out or ROOT, chosen, as_json=json)
    elif action == "plot":
        _plot(out or ROOT, chosen, report, as_json=json)
    else:
        _sync(out or ROOT, chosen, track or [], override or [], as_json=json, quiet=quiet)


def _list(root: Path, names: list[str], *, as_json: bool) -> None:
    from sdp.reports.training_terminal import runs_table
    from sdp.workflows.runs import ListRequest, list_runs

    found = list_runs(ListRequest(root, names))
    if not found and not as_json:
        emit(found, as_json=False, render=lambda _: f"no runs in {root}")
        return
    emit(found, as_json=as_json, render=lambda summaries: runs_table([asdict(one) for one in summaries]))


def _show(root: Path, names: list[str], *, as_json: bool) -> None:
    from sdp.reports.training_terminal import run_details
    from sdp.workflows.runs import show_run

    if len(names) > 1:
        raise InputError("show takes one run", where="RUN", hint=f"sdp runs compare {' '.join(names)}")
    emit(show_run("".join(names), root), as_json=as_json, render=lambda details: run_details(asdict(details)))


def _compare(root: Path, names: list[str], *, as_json: bool) -> None:
    from sdp.reports.training_terminal import comparison
    from sdp.workflows.runs import compare_runs

    found = compare_runs(names, root)
    summaries, results = [asdict(one.summary) for one in found.runs], [one.result for one in found.runs]
    emit(found, as_json=as_json, render=lambda _: comparison(summaries, results, found.differing))


def _plot(root: Path, names: list[str], report: Path | None, *, as_json: bool) -> None:
    from sdp.workflows.runs import plot_runs

    emit(plot_runs(names, root, report), as_json=as_json, render=_plotted)


def _plotted(done: "Plotted") -> str:
    alerts = f", {done.n_alerts} alerts" if done.n_alerts else ""
    return f"{', '.join(done.runs)}: {done.n_points:,} points{alerts}\nplot: {done.path}"


def _sync(root: Path, names: list[str], track: list[str], overrides: list[str], *, as_json: bool, quiet: bool) -> None:
    from sdp.workflows.sync import SyncRequest, sync

    done = sync(SyncRequest(names, root, track, overrides), open_progress(quiet or as_json))
    emit(done, as_json=as_json, render=lambda synced: "\n".join(map(_synced, synced)) or "nothing to send")
    failed = [one.run for one in done if one.outcome == "failed"]
    if failed:
        raise CheckFailed(f"not everything was sent: {', '.join(failed)}", hint="the same command again sends the rest")


def _synced(one: "Synced") -> str:
    sent = f", {one.n_events:,} events, {one.n_artifacts} artifacts" if one.outcome == "sent" else ""
    where = f" ({one.where})" if one.where else ""
    return f"{one.run} → {one.tracker}: {one.outcome}{sent}{where}{': ' + one.error if one.error else ''}"
