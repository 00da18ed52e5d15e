"""sdp bench."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sdp.cli.options import Data, Device, JsonFlag, Out, Overrides, Quiet, Seed, Track
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed, InputError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.benchmarks.suite import Suite
    from sdp.workflows.bench import Benched

ALL = 0
"""What ``--limit`` takes for "no limit"."""


def run(
    ctx: typer.Context,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help="A run, an adapter or model folder, tiny, or a hub name; may be repeated."),
    ] = None,
    run: Annotated[
        list[str] | None, typer.Option("--run", help="A finetune run's folder or name; may be repeated.")
    ] = None,
    compare: Annotated[
        list[str] | None, typer.Option("--compare", help="baseline (without its adapter), or as --model; repeatable.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", help="Base model of an adapter folder that does not name it.")
    ] = None,
    data: Data = None,
    suite: Annotated[
        str | None,
        typer.Option("--suite", help="Instead of --data: a suite's YAML file, or its name, such as letters."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="Questions per task; 0: all.", min=0)] = 1000,
    style: Annotated[
        Literal["auto", "direct", "trace"], typer.Option("--style", help="Answer style of test sets made here.")
    ] = "auto",
    out: Out = None,
    seed: Seed = 0,
    batch_tokens: Annotated[
        int, typer.Option("--batch-tokens", help="Tokens of a batch; halved when memory runs out.", min=1)
    ] = 16_384,
    device: Device = "auto",
    track: Track = None,
    override: Overrides = None,
    fail_if_worse: Annotated[
        bool, typer.Option("--fail-if-worse", help="Exit with 1 when a task is significantly worse.")
    ] = False,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Measures a model on held-out words, and compares it with a baseline.

    With nothing else: the newest complete run under ./runs, else the tiny model, on spelling, position and count.
    """
    chosen, options = _suite(ctx, suite, data, {"limit": limit, "style": style, "seed": seed})
    progress = open_progress(quiet)
    with progress.bar("loading torch", 1) as bar:
        from sdp.workflows.bench import BenchRequest, bench

        bar.advance()
    request = BenchRequest(
        models=tuple(model or ()),
        runs=tuple(run or ()),
        compare=tuple(compare or ()),
        base=base,
        data=tuple(data or ()),
        suite=chosen,
        limit=None if options["limit"] == ALL else options["limit"],
        style=options["style"],
        seed=options["seed"],
        out=out,
        batch_tokens=batch_tokens,
        device=device,
        track=tuple(track or ()),
        overrides=tuple(override or ()),
    )
    done = bench(request, progress)
    if json:
        files = {"folder": done.folder, "rows": done.rows, "report": done.report}
        emit({**asdict(done.result), **files}, as_json=True, render=str)
    else:
        emit(done, as_json=False, render=_table)
    worse = [f"{row.task} ({row.label})" for row in done.result.comparisons if row.verdict == "worse"]
    if fail_if_worse and worse:
        raise CheckFailed(f"significantly worse: {', '.join(worse)}", hint=f"see {done.report}")


def _suite(
    ctx: typer.Context, name: str | None, data: list[str] | None, given: dict[str, Any]
) -> "tuple[Suite | None, dict[str, Any]]":
    """Finds the suite before torch is loaded, which takes seconds; what the user said beats what it says."""
    if not name:
        return None, given
    if data:
        raise InputError("a suite says what is asked, and so does --data", where="--suite", hint="give one of them")
    from sdp.workflows.suites import find_suite

    suite = find_suite(name)
    sources = {option: ctx.get_parameter_source(option) for option in suite.options}
    unsaid = {option for option, source in sources.items() if source is None or source.name == "DEFAULT"}
    return suite, given | {option: suite.options[option] for option in unsaid}


def _table(done: "Benched") -> "RenderableType":
    from rich.console import Group
    from rich.text import Text

    from sdp.reports.terminal import bench_table

    return Group(bench_table(asdict(done.result)), Text(f"\nreport: {done.report}\nrows:   {done.rows}"))
