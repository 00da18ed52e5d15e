"""sdp validate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sdp.cli.options import JsonFlag, Quiet
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed

if TYPE_CHECKING:
    from sdp.workflows.validate import FolderVerdict, ValidateResult


def run(
    data: Annotated[list[str] | None, typer.Argument(help="Folders or task names; all under ./data if none.")] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="Evaluation file (JSONL, CSV, Parquet) that no training row may occur in; may be repeated.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write an HTML page with plots, one file.")
    ] = None,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Judges every row of finished data sets again, and each data set as a whole.

    Rows: schema, oracle, uniqueness, split purity, Unicode hygiene. Whole: balance, answers, lengths, phrasings, near
    duplicates, and with --against contamination. Exit code 1 when a row or a data set fails.
    """
    from sdp.workflows.validate import ValidateRequest, validate

    request = ValidateRequest(tuple(data or ()), tuple(against or ()), report)
    result = validate(request, open_progress(quiet or json))
    emit(result, as_json=json, render=_text)
    if not result.ok:
        bad = [str(verdict.folder) for verdict in result.folders if not verdict.ok]
        hint = f"see {result.report}" if result.report else "--report report.html shows more"
        raise CheckFailed(f"validation failed for {', '.join(bad)}", hint=hint)


def _text(result: "ValidateResult") -> str:
    lines = [line for verdict in result.folders for line in _verdict(verdict)]
    return "\n".join([*lines, f"report: {result.report}"] if result.report else lines)


def _verdict(verdict: "FolderVerdict") -> list[str]:
    word = "ok" if verdict.ok else "FAILED"
    return [
        f"{word}  {verdict.folder}: {verdict.n_rows:,} rows, checked for {', '.join(verdict.checks)}",
        *(f"    {n:,} rows: {why} (such as {verdict.examples[why]})" for why, n in verdict.rejected.items()),
        *(f"    {problem}" for problem in verdict.problems),
        *(f"    not judged: {check}: {why}" for check, why in verdict.skipped.items() if check != "contamination"),
    ]
