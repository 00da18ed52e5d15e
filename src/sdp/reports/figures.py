"""The plots of a report, as Plotly's own JSON: traces and layout without colours, which the page adds by light or dark.

Plain dictionaries: importing Plotly's Python classes costs seconds, and the browser's half is all that draws.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

import pyarrow as pa

from sdp.reports.numerals import count, percent, percent_range
from sdp.reports.slices import Slice, Slices, accuracy_by, merge_ends

SEEN, HELD_OUT = 0, 1
SIDESTEP = 0.07
"""Places between neighbouring models at one value, so that intervals stand beside each other."""


@dataclass(frozen=True)
class Figure:
    """One plot.

    Attributes:
        name: Its id on the page.
        title: What it shows.
        traces: Plotly traces; `meta.model` is the number of the model, which the page colours by.
        layout: Plotly layout.
        note: What to know when reading it.
    """

    name: str
    title: str
    traces: list[dict[str, Any]]
    layout: dict[str, Any]
    note: str = ""


def make_figures(result: dict[str, Any], rows: pa.Table) -> list[Figure]:
    """Makes every plot that the rows have data for.

    Args:
        result: A `BenchResult` as a dictionary.
        rows: Its rows table.

    Returns:
        Accuracy by word length for each task, by place, by true count, and by phrasing.
    """
    labels = [model["label"] for model in result["models"]]
    floors = {name: task["floor"] for model in result["models"] for name, task in model["tasks"].items()}
    figures = []
    for task, floor in floors.items():
        by_length = accuracy_by(rows, task, "length")
        figures.append(
            _lines(f"length-{task}", f"{task}: by word length", "letters in the word", by_length, labels, floor)
        )
    for task in floors:
        by_place = accuracy_by(rows, task, "position")
        figures.append(_lines(f"place-{task}", f"{task}: by place asked for", "place in the word", by_place, labels))
        by_count = accuracy_by(rows, task, "true_count")
        figures.append(_lines(f"count-{task}", f"{task}: by true count", "times the letter occurs", by_count, labels))
    figures.append(_phrasings(rows, list(floors), labels))
    return [figure for figure in figures if figure.traces]


def _lines(name: str, title: str, axis: str, slices: Slices, labels: list[str], floor: float | None = None) -> Figure:
    """One line per model over an ordered axis; the majority floor dashed where one number is fair all along."""
    names, merged = merge_ends(slices)
    shown = [label for label in labels if label in merged]
    traces = []
    for place, label in enumerate(shown):
        step = SIDESTEP * (place - (len(shown) - 1) / 2)
        shape = {"type": "scatter", "mode": "lines+markers", "x": [number + step for number in range(len(names))]}
        traces.append(shape | _values(label, labels.index(label), names, merged[label]))
    if traces and floor is not None:
        traces.append(_floor(floor, len(names)))
    ticks = {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": names}
    layout = {"xaxis": {"title": {"text": axis}, **ticks}, "yaxis": _share_axis()}
    return Figure(name, title, traces, layout)


def _floor(floor: float, n_places: int) -> dict[str, Any]:
    """A dashed line across the whole axis."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [-0.4, n_places - 0.6],
        "y": [100 * floor] * 2,
        "name": "floor",
        "line": {"dash": "dash"},
        "hovertemplate": f"floor: {percent(floor)} %<extra></extra>",
        "meta": {"model": None},
    }


def _phrasings(rows: pa.Table, tasks: list[str], labels: list[str]) -> Figure:
    """Phrasings seen in training beside held-out ones, for each task that has both."""
    by_task = {task: accuracy_by(rows, task, "held_out_phrasing") for task in tasks}
    shown = [
        task for task, slices in by_task.items() if any(set(kinds) == {SEEN, HELD_OUT} for kinds in slices.values())
    ]
    names = [[task for task in shown for _ in range(2)], ["seen", "held out"] * len(shown)]
    places = [f"{task}, {kind}" for task, kind in zip(*names, strict=True)]
    traces = []
    for number, label in enumerate(labels if shown else []):
        bars = [by_task[task].get(label, {}).get(kind, Slice()) for task in shown for kind in (SEEN, HELD_OUT)]
        traces.append({"type": "bar", "x": names, "textposition": "none"} | _values(label, number, places, bars))
    layout = {"barmode": "group", "xaxis": {"type": "multicategory"}, "yaxis": _share_axis()}
    note = "Held-out phrasings never occur in training data."
    return Figure("phrasings", "Phrasings: seen in training, and held out", traces, layout, note)


def _values(label: str, number: int, places: list[str], slices: list[Slice]) -> dict[str, Any]:
    """What a line and a row of bars have in common: shares in percent, intervals, what the pointer shows."""
    shares = [part.share for part in slices]
    known = [(share, share.low, share.high) if share else (None, None, None) for share in shares]
    return {
        "name": escape(label),  # Plotly reads its texts as HTML
        "y": [100 * share.effect if share else None for share in shares],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [
                None if share is None or high is None else 100 * (high - share.effect) for share, _, high in known
            ],
            "arrayminus": [
                None if share is None or low is None else 100 * (share.effect - low) for share, low, _ in known
            ],
        },
        "text": [_hover(place, part) for place, part in zip(places, slices, strict=True)],
        "hovertemplate": "%{text}",
        "meta": {"model": number},
    }


def _hover(place: str, part: Slice) -> str:
    if part.share is None:
        return ""
    interval = f" ({percent_range(part.share.low, part.share.high)})" if part.share.low is not None else ""
    questions = f"{count(part.n_rows)} questions, {count(part.share.n_clusters)} words"
    return f"{escape(place)}: {percent(part.share.effect)} %{interval}<br>{questions}"


def _share_axis() -> dict[str, Any]:
    return {"title": {"text": "exact match, %"}, "range": [0, 102]}
