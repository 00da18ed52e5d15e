"""The bench tables of the terminal: every score, then what differs and whether that is real."""

from collections.abc import Callable, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sdp.reports.numerals import NOT_DEFINED, count, decimal, p_value, percent, percent_range, points, points_range

COLOUR = {"better": "green", "worse": "red"}
Descriptive = tuple[str, str, Callable[[float | None], str]]
SCORES: tuple[Descriptive, ...] = (
    ("edit_similarity", "edit\nsim.", percent),
    ("rouge_l", "ROUGE\n-L", percent),
    ("answer_ppl_token", "answer\n_ppl\n_token", decimal),
)
"""Descriptive metrics: name in the result, head of the column, how it is written."""


def bench_table(result: dict[str, Any]) -> RenderableType:
    """Makes the terminal's view of a bench, readable from 80 columns on.

    Args:
        result: A `BenchResult` as a dictionary (`dataclasses.asdict`).

    Returns:
        Something that a rich console prints: the scores, the comparisons, the claim, the notes.
    """
    parts: list[RenderableType] = [_scores(result["models"])]
    for label, against in _pairs(result["comparisons"]):
        chosen = [row for row in result["comparisons"] if (row["label"], row["against"]) == (label, against)]
        parts += [_comparison(label, against, chosen), _sentences(chosen)]
    parts += [Text(), Text(result["claim"])]
    parts += [Padding(Text(f"note: {note}", style="dim"), (0, 0, 0, 2)) for note in result["notes"]]
    return Group(*parts)


def _pairs(comparisons: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row["label"], row["against"]) for row in comparisons))


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )


def _scores(models: list[dict[str, Any]]) -> Table:
    there = {name for model in models for task in model["tasks"].values() for name in task["scores"]}
    shown = [score for score in SCORES if score[0] in there]
    no_share = "; answer_ppl_token is no share" if "answer_ppl_token" in there else ""
    table = _table(f"Scores, in % (intervals clustered by word{no_share})")
    table.add_column("task", no_wrap=True)
    table.add_column("model", overflow="fold", min_width=8, max_width=24)
    table.add_column("exact\nmatch", justify="right", style="bold", no_wrap=True)
    table.add_column("95 %\ninterval", no_wrap=True)
    table.add_column("floor", justify="right", no_wrap=True)
    table.add_column("format\nfailures", justify="right", no_wrap=True)
    for _, head, _ in shown:
        table.add_column(head, justify="right", no_wrap=True)
    for task in dict.fromkeys(task for model in models for task in model["tasks"]):
        asked = [model for model in models if task in model["tasks"]]
        for number, model in enumerate(asked):
            cells = _score_cells(model["tasks"][task], shown)
            table.add_row(
                Text(task if number == 0 else ""), Text(model["label"]), *cells, end_section=model is asked[-1]
            )
    return table


def _score_cells(task: dict[str, Any], shown: Sequence[Descriptive]) -> list[str]:
    """Exact match, interval, floor, format failures, and the descriptive metrics."""
    scores = task["scores"]
    exact, failures = scores.get("exact_match"), scores.get("format_failure")
    cells = [
        percent(exact["value"]) if exact else NOT_DEFINED,
        percent_range(exact["low"], exact["high"]) if exact else NOT_DEFINED,
        percent(task["floor"]),
        percent(failures["value"]) if failures else NOT_DEFINED,
    ]
    return cells + [write(scores[name]["value"]) if name in scores else NOT_DEFINED for name, _, write in shown]


def _comparison(label: str, against: str, rows: list[dict[str, Any]]) -> Table:
    table = _table("")
    table.title = Text.assemble((label, "bold"), " against ", (against, "bold"), " (exact match, points)")
    table.add_column("task", no_wrap=True)
    table.add_column("difference\n(95 % interval)", no_wrap=True)
    table.add_column("p\n(Holm)", justify="right", no_wrap=True)
    table.add_column("MDE", justify="right", no_wrap=True)
    table.add_column("fixed", justify="right", no_wrap=True)
    table.add_column("broken", justify="right", no_wrap=True)
    table.add_column("verdict")
    for row in rows:
        difference = f"{points(row['difference']):>6} ({points_range(row['low'], row['high'])})"
        verdict = Text(row["verdict"], style=COLOUR.get(row["verdict"], "dim"))
        numbers = [p_value(row["p_holm"]), percent(row["mde"]), count(row["n_fixed"]), count(row["n_broken"])]
        table.add_row(Text(row["task"]), difference, *numbers, verdict)
    return table


def _sentences(rows: list[dict[str, Any]]) -> RenderableType:
    lines = Table.grid(padding=(0, 1))
    lines.add_column(no_wrap=True)
    lines.add_column()
    for row in rows:
        lines.add_row("•", Text(row["sentence"]))
    return lines
