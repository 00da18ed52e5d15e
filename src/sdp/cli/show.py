"""sdp show."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sdp.cli.options import JsonFlag, Language, Quiet, Seed, Style
from sdp.cli.output import emit

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.workflows.show import ShowResult


def run(
    task: Annotated[str, typer.Argument(help="spelling, position, count, or a plugin's task.")],
    rows: Annotated[int, typer.Option("--rows", help="How many rows.", min=1, max=10_000)] = 8,
    split: Annotated[Literal["train", "validation", "test"], typer.Option("--split", help="Of which split.")] = "test",
    seed: Seed = 0,
    style: Style = "direct",
    language: Language = "en",
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Shows what a task asks: rows of ./data/TASK if there is a data set, else rows made on the spot."""
    from sdp.workflows.show import ShowRequest, show

    del quiet  # there is nothing to be quiet about
    result = show(ShowRequest(task, rows, split, seed, style, language))
    if json:
        shown = {name: getattr(result, name) for name in result.__slots__ if name != "rows"}
        emit({**shown, "rows": [row.model_dump() for row in result.rows]}, as_json=True, render=str)
    else:
        emit(result, as_json=False, render=_table)


def _table(result: "ShowResult") -> "RenderableType":
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table("prompt", "completion", box=None, pad_edge=False)
    for row in result.rows:
        table.add_row(Text(row.prompt), Text(row.completion))
    facts = [f"{result.task}: {result.description}"]
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
    return Group(Text("\n".join(facts)), Text(""), table)
