"""sdp validate."""

from typing import TYPE_CHECKING, Annotated

import typer

from sdp.cli.options import JsonFlag, Quiet
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed

if TYPE_CHECKING:
    from sdp.workflows.validate import ValidateResult


def run(
    data: Annotated[list[str] | None, typer.Argument(help="Folders or task names; all under ./data if none.")] = None,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Judges every row of finished data sets again: schema, oracle, uniqueness, split purity, balance.

    Exit code 1 when a row or a data set fails.
    """
    from sdp.workflows.validate import ValidateRequest, validate

    result = validate(ValidateRequest(tuple(data or ())), open_progress(quiet or json))
    emit(result, as_json=json, render=_text)
    if not result.ok:
        bad = [str(verdict.folder) for verdict in result.folders if not verdict.ok]
        raise CheckFailed(f"validation failed for {', '.join(bad)}", hint="make it again with --overwrite")


def _text(result: "ValidateResult") -> str:
    lines = []
    for verdict in result.folders:
        word = "ok" if verdict.ok else "FAILED"
        lines.append(f"{word}  {verdict.folder}: {verdict.n_rows:,} rows, checked for {', '.join(verdict.checks)}")
        lines += [f"    {n:,} rows: {why} (such as {verdict.examples[why]})" for why, n in verdict.rejected.items()]
        lines += [f"    {problem}" for problem in verdict.problems]
    return "\n".join(lines)
