"""sdp watch."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sdp.cli.options import JsonFlag, Quiet
from sdp.cli.output import emit
from sdp.errors import CheckFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from sdp.workflows.watch import WatchView


def run(
    name: Annotated[str, typer.Argument(metavar="[RUN]", help="A run folder, its name or a part of it.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Where runs lie; ./runs if not given.")] = None,
    every: Annotated[float, typer.Option("--every", help="Seconds between two looks.", min=0.05)] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="Look once and leave.")] = False,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Shows a run live: step, loss, speed, memory, alerts, and how long it still takes; the newest if none is named.

    It ends with the run: exit code 1 if that failed or broke off. Ctrl-C leaves; the run goes on. Where stdout is not a
    terminal every event is a line. With --json each is an object, one a line; with --once the whole state is one.
    """
    from sdp.workflows.watch import WatchRequest, watch

    views = watch(WatchRequest(name, out or Path("runs"), every, once))
    if once:
        last = next(views)
        emit(last, as_json=json, render=_picture)
    elif sys.stdout.isatty() and not json:
        last = _live(views)
    else:
        last = _lines(views, as_json=json, quiet=quiet)
    if last.summary.status in {"failed", "broken off"}:
        raise CheckFailed(
            f"the run {'has failed' if last.summary.status == 'failed' else 'broke off'}",
            where=last.summary.id,
            hint=f"sdp finetune --resume {last.summary.id}",
        )


def _live(views: "Iterator[WatchView]") -> "WatchView":
    from rich.console import Console
    from rich.live import Live

    last = next(views)
    with Live(_picture(last), console=Console(highlight=False), auto_refresh=False) as live:
        for last in views:
            live.update(_picture(last), refresh=True)
    return last


def _lines(views: "Iterator[WatchView]", *, as_json: bool, quiet: bool) -> "WatchView":
    from json import dumps

    from sdp.reports.training_terminal import event_line

    last = None
    for last in views:
        for event in [] if quiet else last.new:
            line = dumps(event, ensure_ascii=False) if as_json else event_line(event)
            if line is not None:
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
    if last is None:
        raise RuntimeError("watch gives at least one view")
    return last


def _picture(view: "WatchView") -> "RenderableType":
    from sdp.reports.training_terminal import watched

    return watched(asdict(view))
