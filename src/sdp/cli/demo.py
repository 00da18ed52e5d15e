"""sdp demo."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sdp.cli.options import JsonFlag, Out, Quiet, Seed
from sdp.cli.output import emit
from sdp.cli.progress import open_progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.workflows.demo import DemoResult


def run(
    out: Out = None,
    toy: Annotated[bool, typer.Option("--toy", help="Ten seconds: shows that it runs, not what it finds.")] = False,
    steps: Annotated[int | None, typer.Option("--steps", help="Training steps per arm.", min=1)] = None,
    seed: Seed = 0,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Shows the whole loop in a few minutes, with no GPU and no network: data, two arms, benchmark, report.

    The tiny model that ships with sdp is trained on spelling, once alone and once with a little replay of the other
    tasks, and compared with itself untrained. One run per arm: the verdicts are about these checkpoints.
    """
    progress = open_progress(quiet)
    with progress.bar("loading torch", 1) as bar:
        from sdp.workflows.demo import DemoRequest, demo

        bar.advance()
    request = DemoRequest(out=Path(out) if out else Path("demo"), toy=toy, steps=steps, seed=seed)
    emit(demo(request, progress), as_json=json, render=_shown)


def _shown(result: "DemoResult") -> "RenderableType":
    from dataclasses import asdict

    from rich.console import Group
    from rich.text import Text

    from sdp.reports.terminal import bench_table

    return Group(bench_table(asdict(result.bench.result)), Text(f"\nreport: {result.report}"))
