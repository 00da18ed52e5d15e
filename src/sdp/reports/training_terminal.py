"""Training runs in the terminal: a list, one run, several side by side, and one that is watched."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sdp.reports.numerals import count
from sdp.reports.training_view import duration, facts, outcome, size, small, steps

BLOCKS = "▁▂▃▄▅▆▇█"
STATUS = {"complete": "green", "running": "cyan", "failed": "red", "interrupted": "yellow", "broken off": "yellow"}
CURVE_WIDTH = 44
"""Columns of a drawn curve: with its name and its last value it fits into 80."""


def runs_table(summaries: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Lists runs, one a line, readable from 80 columns on; columns that would say one thing of all are left out."""
    columns: dict[str, tuple[list[Text], bool]] = {
        "run": ([Text(one["id"]) for one in summaries], True),
        "kind": ([Text(one["kind"]) for one in summaries], len({one["kind"] for one in summaries}) > 1),
        "status": ([_status(one["status"]) for one in summaries], True),
        "steps": ([Text(steps(one)) for one in summaries], True),
        "lowest\neval loss": ([Text(small(one["best_eval_loss"])) for one in summaries], True),
        "time": ([Text(duration(one["seconds"])) for one in summaries], True),
        "alerts": (
            [Text(count(one["n_alerts"]) if one["n_alerts"] else "") for one in summaries],
            any(one["n_alerts"] for one in summaries),
        ),
    }
    table = _table()
    shown = {head: cells for head, (cells, wanted) in columns.items() if wanted}
    for head in shown:
        numbers = head not in {"run", "kind", "status"}
        table.add_column(
            head, justify="right" if numbers else "left", no_wrap=head != "run", overflow="fold",
            min_width=20 if head == "run" else None,
        )  # fmt: skip
    for row in zip(*shown.values(), strict=True):
        table.add_row(*row)
    return table


def run_details(details: Mapping[str, Any]) -> RenderableType:
    """Shows one run.

    Args:
        details: A `RunDetails` as a dictionary.
    """
    grid = Table.grid(padding=(0, 2))
    for name, text in facts(details["summary"]).items():
        grid.add_row(Text(name, style="bold"), _status(text) if name == "status" else Text(text))
    for name, files in (("files", details["files"]), ("benches", details["benches"])):
        if files:
            grid.add_row(Text(name, style="bold"), Text("\n".join(files)))
    parts: list[RenderableType] = [Text(details["summary"]["id"], style="bold"), grid]
    for name, curve in (("loss", details["losses"]), ("eval loss", details["eval_losses"])):
        if len(curve) > 1:
            parts.append(Text.assemble("\n", (f"{name:<10}", "bold"), sparkline(curve), f" {small(curve[-1])}"))
    if details["checkpoints"]:
        parts += [Text("\ncheckpoints", style="bold"), Text(", ".join(details["checkpoints"]))]
    if details["scores"]:
        parts += [Text(), _scores(details["scores"])]
    if details["alerts"]:
        parts += [Text("\nalerts", style="bold"), alert_lines(details["alerts"])]
    return Group(*parts)


def comparison(summaries: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], rows: Any) -> Group:
    """Puts runs side by side: what came of them, then the settings in which they differ.

    Args:
        summaries: One per run.
        results: Of their run.json.
        rows: Name of a setting, and its text in each run.
    """
    columns = [outcome(summary, result) for summary, result in zip(summaries, results, strict=True)]
    labels = [f"{number}: {one['name']}" for number, one in enumerate(summaries, 1)]
    head = Group(*(Text(f"{number}  {one['id']}") for number, one in enumerate(summaries, 1)))
    came = _columns("outcome", labels, [(name, [one[name] for one in columns]) for name in columns[0]])
    parts: list[RenderableType] = [head, came]
    return Group(*parts, _columns("setting", labels, rows) if rows else Text("the settings are the same"))


def alert_lines(alerts: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Lists alerts."""
    grid = Table.grid(padding=(0, 2))
    for alert in alerts:
        step = "" if alert.get("step") is None else f"step {count(alert['step'])}"
        grid.add_row(Text("▲", style="red"), Text(step), Text(str(alert["alert"])), Text(str(alert["text"])))
    return grid


def watched(view: Mapping[str, Any], width: int = CURVE_WIDTH) -> RenderableType:
    """Shows a run while it goes on.

    Args:
        view: A `WatchView` as a dictionary.
        width: Columns for curves.
    """
    one = view["summary"]
    left = f", about {duration(one['left_s'])} left" if one["left_s"] is not None else ""
    parts: list[RenderableType] = [
        Text.assemble((one["id"], "bold"), "  ", _status(one["status"])),
        Text(f"step {steps(one)}, {duration(one['seconds'])}{left}" if one["step"] else "no step yet"),
    ]
    if one["total_steps"] and one["status"] == "running":
        done = min(width * one["step"] // one["total_steps"], width)
        parts.append(Text.assemble(("━" * done, "green"), ("━" * (width - done), "dim")))
    grid = Table.grid(padding=(0, 2))
    for name, curve, best in (("loss", view["losses"], None), ("eval loss", view["eval_losses"], "best_eval_loss")):
        if curve:
            tail = f"{small(curve[-1])}{f' (lowest {small(one[best])})' if best and one[best] is not None else ''}"
            grid.add_row(Text(name, style="bold"), sparkline(curve, width), tail)
    if view["losses"] or view["eval_losses"]:
        parts += [grid, Text(_machine(view["latest"]), style="dim")]
    if view["alerts"]:
        parts.append(alert_lines(view["alerts"][-5:]))
    if one["stopped"]:
        parts.append(Text(f"stopped early: {one['stopped']}"))
    if one["error"]:
        parts.append(Text(one["error"], style="red"))
    return Group(*parts)


def event_line(event: Mapping[str, Any]) -> str | None:
    """Writes an event as a line for a pipe or a log; None for what is of no interest there."""
    kind = event.get("event")
    at = f"step {event['step']}: " if isinstance(event.get("step"), int) else ""
    if kind == "train":
        speed = f", {count(round(event['tokens_per_s']))} tokens/s" if event.get("tokens_per_s") else ""
        return f"{at}loss {small(event.get('loss'))}{speed}"
    if kind == "eval":
        return f"{at}eval loss {small(event.get('loss'))}"
    if kind == "alert":
        return f"{at}alert {event['alert']}: {event['text']}"
    if kind == "stopping":
        return f"{at}stopped early: {event['reason']}; kept: step {event['best_step']}"
    if kind == "status":
        return f"{event['status']}{': ' + event['error'] if event.get('error') else ''}"
    return None


def sparkline(values: Sequence[float], width: int = CURVE_WIDTH) -> str:
    """Draws a curve in one line of blocks; where there are more values than columns, means are drawn."""
    n = min(width, len(values))
    cuts = [len(values) * place // n for place in range(n + 1)]
    means = [sum(values[a:b]) / (b - a) for a, b in pairwise(cuts)]
    low, high = min(means), max(means)
    top = len(BLOCKS) - 1
    return "".join(BLOCKS[round(top * (mean - low) / (high - low)) if high > low else 0] for mean in means)


def _machine(latest: Mapping[str, Any]) -> str:
    shown = {
        "{} examples/s": _count(latest.get("examples_per_s")),
        "{} tokens/s": _count(latest.get("tokens_per_s")),
        "learning rate {}": small(latest["learning_rate"]) if latest.get("learning_rate") is not None else None,
        "gradient {}": small(latest["grad_norm"]) if latest.get("grad_norm") is not None else None,
        "memory {}": size(latest["memory_bytes"]) if latest.get("memory_bytes") is not None else None,
        "CPU {}": _percent(latest.get("cpu_share")),
        "GPU {}": _percent(latest.get("gpu_share")),
        "GPU memory {}": size(latest["gpu_memory_bytes"]) if latest.get("gpu_memory_bytes") is not None else None,
    }
    return " · ".join(form.format(text) for form, text in shown.items() if text is not None)


def _count(value: float | None) -> str | None:
    return None if value is None else count(round(value))


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.0%}"


def _status(text: str) -> Text:
    return Text(text, style=STATUS.get(text.partition(":")[0], ""))


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)


def _columns(head: str, labels: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Table:
    table = _table()
    table.add_column(head, no_wrap=True)
    for label in labels:
        table.add_column(Text(label), overflow="fold", max_width=40)
    for name, texts in rows:
        table.add_row(Text(name), *map(Text, texts))
    return table


def _scores(scores: Sequence[Mapping[str, Any]]) -> Table:
    table = _table()
    for name in ("model", "task", "metric"):
        table.add_column(name, no_wrap=True)
    table.add_column("value", justify="right")
    for one in scores:
        table.add_row(*(Text(str(one.get(name, ""))) for name in ("target", "task", "metric")), small(one.get("value")))
    return table
