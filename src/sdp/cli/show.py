"""sdp show."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sdp.cli.options import JsonFlag, Language, Quiet, Seed, Style
from sdp.cli.output import emit, plain

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.data.manifest import Manifest
    from sdp.workflows.show import ShowResult

ROWS = 8
"""Shown when nothing else is asked for."""


def run(
    task: Annotated[
        str, typer.Argument(help="spelling, position, count, a plugin's task, or the folder of a data set.")
    ],
    sample: Annotated[
        int | None, typer.Option("--sample", help="A random sample of rows, over all splits.", min=1, max=10_000)
    ] = None,
    rows: Annotated[
        int | None, typer.Option("--rows", help=f"The first rows of a split (default: {ROWS}).", min=1, max=10_000)
    ] = None,
    split: Annotated[
        Literal["train", "validation", "test"] | None,
        typer.Option("--split", help="Rows of this one only; else --rows takes test, --sample all."),
    ] = None,
    stats: Annotated[
        bool, typer.Option("--stats", help="Sizes, floors, distributions, rejects, provenance of a data set.")
    ] = False,
    seed: Seed = 0,
    style: Style = "direct",
    language: Language = "en",
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Shows what a task asks: rows of ./data/TASK if there is a data set, else rows made on the spot."""
    from sdp.workflows.show import ShowRequest, show

    del quiet  # there is nothing to be quiet about
    if rows is None:
        rows = 0 if stats else ROWS
    result = show(ShowRequest(task, rows, split, seed, style, language, sample=sample, stats=stats))
    shown = result.manifest if stats else None
    emit(_plain(result, shown) if json else result, as_json=json, render=lambda _: _text(result, shown))


def _plain(result: "ShowResult", manifest: "Manifest | None") -> dict[str, Any]:
    hidden = {"rows", "manifest"}
    found = {name: plain(getattr(result, name)) for name in result.__slots__ if name not in hidden}
    found["rows"] = [row.model_dump() for row in result.rows]
    if manifest:
        # Floors and distributions are in `splits` already.
        found["stats"] = manifest.model_dump(mode="json", exclude={"task", "splits", "format"})
    return found


def _text(result: "ShowResult", manifest: "Manifest | None") -> "RenderableType":
    from rich.console import Group
    from rich.text import Text

    from sdp.reports.data_tables import data_tables
    from sdp.reports.row_table import RowTable

    parts: list[RenderableType] = [Text("\n".join(_facts(result)))]
    if manifest:
        parts += [Text(), data_tables(manifest)]
    if result.rows:
        parts += [Text(), RowTable(result.rows, key="word" if result.strata else "key")]
    return Group(*parts)


def _facts(result: "ShowResult") -> list[str]:
    facts = [f"{result.task}: {result.description}" if result.description else result.task]
    if result.manifest and (came := result.manifest.imported):
        facts.append(f"imported from {', '.join(f'{file.name} ({file.shape})' for file in came.files)}")
    else:
        facts.append(f"{result.n_phrasings} phrasings, {result.n_held_out} of them held out of training")
    if result.strata:
        facts.append(f"kinds of question: {', '.join(result.strata)}")
    if result.folder:
        splits = ", ".join(
            f"{facts['rows']:,} {name} (floor {facts['floor']:.1%})" for name, facts in result.splits.items()
        )
        facts.append(f"rows of {result.folder}: {splits}")
    else:
        facts.append(f"no data set yet, these were made now; `sdp generate {result.task}` makes one")
    return facts
