"""sdp score."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sdp.cli.options import JsonFlag, Out, Quiet, Seed
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.workflows.score import Scored


def run(
    predictions: Annotated[
        list[str],
        typer.Argument(help="Text (a line each), JSONL, JSON, CSV, Parquet, lm-eval or Inspect log, bench folder."),
    ],
    reference: Annotated[
        list[str] | None,
        typer.Option("--reference", help="File, data folder or task name; if none: what the predictions' file says."),
    ] = None,
    compare: Annotated[
        list[str] | None, typer.Option("--compare", help="Predictions or a bench to compare with; may be repeated.")
    ] = None,
    extract: Annotated[
        str,
        typer.Option(
            "--extract",
            metavar="RULE",
            help="What the answer is: last-line, as-is, verbatim, quoted, after:MARKER, regex:PATTERN (one group).",
        ),
    ] = "last-line",
    prediction: Annotated[
        str | None,
        typer.Option("--prediction", metavar="FIELD", help="Field with what the model said, such as a.0.b."),
    ] = None,
    id_field: Annotated[str | None, typer.Option("--id", metavar="FIELD", help="Field with the question's id.")] = None,
    reference_field: Annotated[
        str | None, typer.Option("--reference-field", metavar="FIELD", help="Field with what is right.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="FIELD", help="Reference field that errors cluster by: the word.")
    ] = None,
    log_filter: Annotated[
        str | None, typer.Option("--filter", help="Of an lm-eval log: score what this filter left of the responses.")
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", help="Name of a model in the tables, one for each file.")
    ] = None,
    split: Annotated[
        Literal["train", "validation", "test"], typer.Option("--split", help="Split of a data folder.")
    ] = "test",
    slices: Annotated[
        bool, typer.Option("--slices", help="Show exact match by length, place, true count and phrasing too.")
    ] = False,
    out: Out = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Write the page here too.")] = None,
    seed: Seed = 0,
    fail_if_worse: Annotated[
        bool, typer.Option("--fail-if-worse", help="Exit with 1 when a task is significantly worse.")
    ] = False,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Scores predictions that anybody made, as `sdp bench` scores a model's: metrics, intervals, comparison, report.

    Pairs by id where both sides have ids, else line by line. Nothing is guessed: the answer is what the rule takes, and
    where it takes nothing the row is wrong and a format failure.
    """
    from sdp.benchmarks.predictions.recorded import FieldNames
    from sdp.workflows.score import ScoreRequest, score

    request = ScoreRequest(
        predictions=tuple(predictions),
        reference=tuple(reference or ()),
        compare=tuple(compare or ()),
        names=FieldNames(prediction, id_field, reference_field, key, log_filter),
        extract=extract,
        labels=tuple(label or ()),
        split=split,
        seed=seed,
        out=out,
        report=report,
    )
    done = score(request, open_progress(quiet or json))
    if json:
        files = {"folder": done.folder, "rows": done.rows, "report": done.report}
        emit({**asdict(done.result), **_slices(done, slices), **files}, as_json=True, render=str)
    else:
        emit(done, as_json=False, render=partial(_table, slices=slices))
    worse = [f"{row.task} ({row.label})" for row in done.result.comparisons if row.verdict == "worse"]
    if fail_if_worse and worse:
        raise CheckFailed(f"significantly worse: {', '.join(worse)}", hint=f"see {done.report}")


def _slices(done: "Scored", slices: bool) -> dict[str, Any]:
    from sdp.reports.slice_table import slices_of

    return {"slices": slices_of(asdict(done.result), done.table)} if slices else {}


def _table(done: "Scored", slices: bool) -> "RenderableType":
    from rich.console import Group
    from rich.text import Text

    from sdp.reports.slice_table import slice_tables
    from sdp.reports.terminal import bench_table

    result = asdict(done.result)
    rule, files = Text(f"answer: {result['settings']['scored']}\n"), f"\nreport: {done.report}\nrows:   {done.rows}"
    return Group(rule, bench_table(result), *(slice_tables(result, done.table) if slices else []), Text(files))
