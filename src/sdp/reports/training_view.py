"""Runs in words and rows: what the terminal and the page both show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sdp.reports.numerals import NOT_DEFINED, count, decimal
from sdp.reports.view import flattened

MINUTE, HOUR = 60, 3600
UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
NOT_COMPARED = ("created", "id", "name")


def duration(seconds: float | None) -> str:
    """Writes a time span: ``4.2 s``, ``3 min 20 s``, ``2 h 05 min``."""
    if seconds is None:
        return NOT_DEFINED
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE:02d} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE:02d} min"


def size(n_bytes: float | None) -> str:
    """Writes a number of bytes: ``1.5 GiB``."""
    if n_bytes is None:
        return NOT_DEFINED
    power = 0
    while n_bytes >= 1024 and power < len(UNITS) - 1:  # noqa: PLR2004  (bytes of a KiB)
        n_bytes, power = n_bytes / 1024, power + 1
    return f"{n_bytes:.0f} {UNITS[power]}" if power == 0 else f"{n_bytes:.1f} {UNITS[power]}"


def small(value: float | None) -> str:
    """Writes a loss, a norm or a rate with three digits that count."""
    return NOT_DEFINED if value is None else f"{value:.3g}"


def moment(created: str) -> str:
    """Writes a time of run.json (UTC) in the reader's own time zone, to the minute."""
    try:
        return f"{datetime.fromisoformat(created).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return created


def steps(summary: Mapping[str, Any]) -> str:
    """Writes how far a run is: ``120 of 600``."""
    if not summary["step"]:
        return NOT_DEFINED
    total = summary["total_steps"]
    return count(summary["step"]) if total in (None, summary["step"]) else f"{count(summary['step'])} of {count(total)}"


def facts(summary: Mapping[str, Any]) -> dict[str, str]:
    """Says everything that is known of a run, in order.

    Args:
        summary: A `sdp.runs.summary.Summary` as a dictionary.
    """
    done = dict(summary)
    ended = f"{done['status']}{': ' + done['error'] if done['error'] else ''}"
    model = f"{done['model']}{', ' + done['method'] if done['method'] else ''}" if done["model"] else None
    shown = {
        "status": ended,
        "began": moment(done["created"]),
        "model": model,
        "steps": f"{steps(done)}{_epochs(done)}" if done["step"] else None,
        "stopped early": done["stopped"],
        "loss": small(done["loss"]) if done["loss"] is not None else None,
        "eval loss": _evaluated(done),
        "kept": f"step {count(done['best_step'])}" if done["best_step"] else None,
        "speed": _speed(done),
        "time": f"{duration(done['seconds'])}{_left(done)}",
        "alerts": count(done["n_alerts"]) if done["n_alerts"] else None,
    }
    return {name: text for name, text in shown.items() if text is not None}


def differing(settings: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Lists the settings in which runs differ.

    Args:
        settings: One nested dictionary per run.

    Returns:
        Dotted name and one text per run, in the order of the first run.
    """
    flat = [dict(flattened(dict(one))) for one in settings]
    names = dict.fromkeys(name for one in flat for name in one)
    rows = [(name, [one.get(name, NOT_DEFINED) or NOT_DEFINED for one in flat]) for name in names]
    return [(name, texts) for name, texts in rows if len(set(texts)) > 1]


def outcome(summary: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, str]:
    """Gives the numbers that runs are compared by.

    Args:
        summary: As in `facts`.
        result: Of run.json, or empty.
    """
    trained = result.get("trained") or {}
    memory = trained.get("peak_memory_bytes")
    return {
        "status": summary["status"],
        "steps": steps(summary),
        "kept step": count(summary["best_step"]),
        "loss": small(summary["loss"]),
        "lowest eval loss": small(summary["best_eval_loss"]),
        "examples/s": decimal(summary["examples_per_s"], 0),
        "tokens/s": count(round(summary["tokens_per_s"])) if summary["tokens_per_s"] is not None else NOT_DEFINED,
        "time": duration(summary["seconds"]),
        "memory at the peak": size(memory),
        "alerts": count(summary["n_alerts"]),
    }


def _epochs(done: Mapping[str, Any]) -> str:
    return f" ({done['epoch']:.2f} epochs)" if done["epoch"] is not None else ""


def _evaluated(done: Mapping[str, Any]) -> str | None:
    if done["eval_loss"] is None:
        return None
    return f"{small(done['eval_loss'])} last, {small(done['best_eval_loss'])} lowest"


def _speed(done: Mapping[str, Any]) -> str | None:
    if done["tokens_per_s"] is None or done["examples_per_s"] is None:
        return None
    return f"{count(round(done['examples_per_s']))} examples/s, {count(round(done['tokens_per_s']))} tokens/s"


def _left(done: Mapping[str, Any]) -> str:
    return f", about {duration(done['left_s'])} left" if done["left_s"] is not None else ""
