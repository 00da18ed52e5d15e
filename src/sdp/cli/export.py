"""sdp export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sdp.cli.options import JsonFlag, Out, Overwrite, Quiet
from sdp.cli.output import emit
from sdp.cli.progress import open_progress

if TYPE_CHECKING:
    from sdp.workflows.export import ExportResult


def run(
    data: Annotated[str, typer.Argument(help="Task name under ./data, or a folder.")],
    to: Annotated[str, typer.Option("--to", help="parquet, jsonl, csv, hf, or a plugin's format.")] = "jsonl",
    out: Out = None,
    overwrite: Overwrite = False,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Writes a data set in another format, by default into ./exports/TASK-FORMAT."""
    from sdp.workflows.export import ExportRequest, export

    request = ExportRequest(data, to, Path(out) if out else None, overwrite=overwrite)
    emit(export(request, open_progress(quiet or json)), as_json=json, render=_text)


def _text(result: "ExportResult") -> str:
    return f"wrote {result.n_rows:,} rows as {result.format} in {result.folder} ({len(result.files)} files)"
