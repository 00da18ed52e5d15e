"""What `sdp generate` says: the data set that was made, or the plan of one."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

KILO = 1_000
LONG = 1.5
"""From one and a half minutes on minutes are counted, and from one and a half hours on hours."""


def made_text(result: Any) -> str:
    """Tells what lies there now.

    Args:
        result: A `GenerateResult`.
    """
    total = sum(result.rows.values())
    verb = "wrote" if result.made else "verified"
    shares = ", ".join(f"{n:,} {split}" for split, n in result.rows.items())
    floors = ", ".join(f"{floor:.1%} {split}" for split, floor in result.floors.items())
    lines = [
        f"{verb} {total:,} distinct rows of {result.task} in {result.folder} ({shares})",
        f"floor, always guessing the commonest answer: {floors}",
    ]
    if result.n_rejects:
        lines.append(f"rejected and replaced: {result.n_rejects:,} rows; rejects.parquet says why")
    prompt = result.example["prompt"].replace("\n", " ⏎ ")
    return "\n".join([*lines, f"example: {prompt} → {result.example['completion']!r}"])


def plan_table(plan: Any) -> "RenderableType":
    """Shows rows and capacity of every split and kind of question.

    Args:
        plan: A `DryRun`.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("split", "kind of question"):
        table.add_column(name)
    for name in ("rows", "capacity", "words", "phrasings"):
        table.add_column(name, justify="right")
    for split in plan.splits:
        capacity = "open" if split.capacity is None else f"{split.capacity:,}"
        table.add_row(split.split, "all", f"{split.rows:,}", capacity, f"{split.words:,}", f"{split.phrasings:,}")
        for stratum in split.strata if len(split.strata) > 1 else []:
            table.add_row("", f"  {stratum.name}", f"{stratum.rows:,}", f"{stratum.capacity:,}", "", "", style="dim")
    rows = sum(split.rows for split in plan.splits)
    hands = f"{plan.workers} process" + ("es" if plan.workers > 1 else "")
    last = f"{rows:,} rows would go to {plan.where}: about {_size(plan.bytes)} and {_time(plan.seconds)} with {hands}"
    return Group(table, Text(last), *(Text(note) for note in plan.notes), Text("nothing was written"))


def _size(n_bytes: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if n_bytes < KILO:
            return f"{n_bytes:.3g} {unit}"
        n_bytes /= KILO
    return f"{n_bytes:,.1f} TB"


def _time(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < LONG:
        return f"{seconds:.1f} s"
    return f"{minutes:.0f} min" if minutes / 60 < LONG else f"{minutes / 60:.1f} h"
