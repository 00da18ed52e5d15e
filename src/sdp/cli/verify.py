"""sdp verify."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sdp.cli.options import JsonFlag, Quiet, Seed
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed

if TYPE_CHECKING:
    from sdp.workflows.verify import VerifyResult


def run(
    folder: Annotated[str, typer.Argument(help="Folder or URL of a data set, or a task name under ./data.")],
    sample: Annotated[
        int | None, typer.Option("--sample", help="Make shards again until so many rows are compared.", min=1)
    ] = None,
    against: Annotated[Path | None, typer.Option("--against", help="Compare with this data set instead.")] = None,
    seed: Seed = 0,
    workers: Annotated[int, typer.Option("--workers", help="Processes.", min=1)] = 1,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Makes a data set again from its manifest and compares every byte, or compares two data sets.

    Exit code 1 when something differs.
    """
    from sdp.workflows.locate import folder_or_task
    from sdp.workflows.verify import VerifyRequest, verify

    other = folder_or_task(str(against)) if against else None
    request = VerifyRequest(folder_or_task(folder), sample, other, workers, seed)
    result = verify(request, open_progress(quiet or json))
    emit(result, as_json=json, render=_text)
    if not result.ok:
        raise CheckFailed(f"'{result.folder}' is not the same", hint="the lines above say where it differs")


def _text(result: "VerifyResult") -> str:
    whose = f"those of {result.against}" if result.against else "what its settings make"
    what = f"{result.rows:,} rows in {result.shards:,} shards of {result.folder}"
    lines = [f"{'same' if result.ok else 'DIFFERENT'}: {what}, compared with {whose}"]
    return "\n".join([*lines, *(f"    {fault}" for fault in result.faults)])
