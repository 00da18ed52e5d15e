"""The plots of training runs, as Plotly's own JSON without colours, which the page adds by light or dark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

Event = Mapping[str, Any]

GIB = 2**30
WIDE = 20
"""How many times the smallest loss the largest must be for an axis of powers of ten."""


@dataclass(frozen=True, slots=True)
class Curves:
    """What is drawn of one run."""

    label: str
    train: Sequence[Event]
    evals: Sequence[Event]
    alerts: Sequence[Event]
    stopping: Event | None
    best_step: int | None
    is_thinned: bool = False
    """Whether there were more events than can be drawn."""


MEASURED = (
    ("grad_norm", "Gradient norm, before clipping", "norm", 1.0),
    ("learning_rate", "Learning rate", "", 1.0),
    ("tokens_per_s", "Speed", "tokens/s", 1.0),
    ("memory_bytes", "Memory of the process", "GiB", 1 / GIB),
    ("cpu_share", "Processor use", "% of the cores", 100.0),
    ("gpu_share", "GPU use", "% of the time", 100.0),
    ("gpu_memory_bytes", "GPU memory", "GiB", 1 / GIB),
    ("disk_left_bytes", "Room left on the disk", "GiB", 1 / GIB),
)
"""Field of a `train` event, title, unit, factor."""


def make_training_figures(runs: Sequence[Curves]) -> list[dict[str, Any]]:
    """Makes every plot that there are numbers for.

    Args:
        runs: In the order of their colours.

    Returns:
        Figures with `name`, `title`, `note`, `traces` and `layout`; a trace's `meta.tint` is the number of the run,
        null for what belongs to none; a shape's `name` is that of its colour.
    """
    figures = [_loss(runs), _right(runs), *(_measured(runs, *which) for which in MEASURED)]
    return [figure for figure in figures if figure["traces"]]


def _loss(runs: Sequence[Curves]) -> dict[str, Any]:
    traces: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for number, run in enumerate(runs):
        traces += [
            _line(run.train, "loss", number, f"{run.label}: training", {"width": 1}),
            _line(run.evals, "loss", number, f"{run.label}: validation", {"width": 2.5}, mode="lines+markers"),
        ]
        traces += [_best(run, number), _alerts(run)]
        if run.stopping is not None:
            step = run.stopping["step"]
            shapes.append({
                "type": "line", "x0": step, "x1": step, "y0": 0, "y1": 1, "yref": "paper", "line": {"dash": "dash"},
                "name": "quiet",
            })  # fmt: skip
            notes.append({
                "x": step, "y": 1, "yref": "paper", "text": f"stopped at {step}", "showarrow": False,
                "xanchor": "right", "xshift": -6, "yanchor": "top",
            })  # fmt: skip
    traces = [trace for trace in traces if trace["x"]]
    values = [value for trace in traces for value in trace["y"] if value is not None]  # an axis of powers has no 0
    wide = bool(values) and min(values) > 0 and max(values) > WIDE * min(values)
    layout = {
        "xaxis": {"title": {"text": "step"}, "rangemode": "tozero"},
        "yaxis": {"title": {"text": "nats per answer token"}, **({"type": "log", "dtick": "D2"} if wide else {})},
        "shapes": shapes,
        "annotations": notes,
    }
    note = "Thin: training. Bold, with dots: validation. The ring is the step whose weights are kept."
    if any(run.is_thinned for run in runs):
        note += " A long run: of each stretch of steps the lowest and the highest loss and the steepest gradient."
    return {"name": "loss", "title": "Loss", "traces": traces, "layout": layout, "note": note, "wide": True}


def _right(runs: Sequence[Curves]) -> dict[str, Any]:
    line = {"width": 2.5}
    traces = [
        _line(run.evals, "exact_match", number, run.label, line, 100.0, "lines+markers")
        for number, run in enumerate(runs)
    ]
    layout = {
        "xaxis": {"title": {"text": "step"}, "rangemode": "tozero"},
        "yaxis": {"title": {"text": "exact match, %"}, "range": [0, 102]},
    }
    kept = [trace for trace in traces if trace["x"]]
    note = "Validation answers of which the model ranks every token first."
    return {"name": "right", "title": "Right answers", "traces": kept, "layout": layout, "note": note, "wide": False}


def _measured(runs: Sequence[Curves], field: str, title: str, unit: str, factor: float) -> dict[str, Any]:
    traces = [_line(run.train, field, number, run.label, {"width": 1.5}, factor) for number, run in enumerate(runs)]
    layout = {
        "xaxis": {"title": {"text": "step"}, "rangemode": "tozero"},
        "yaxis": {"title": {"text": unit}, "rangemode": "tozero"},
    }
    kept = [trace for trace in traces if trace["x"]]
    return {"name": field, "title": title, "traces": kept, "layout": layout, "note": "", "wide": False}


def _line(
    events: Sequence[Event], field: str, tint: int, label: str, line: dict[str, Any], factor: float = 1.0,
    mode: str = "lines",
) -> dict[str, Any]:  # fmt: skip
    # a value that was not finite leaves a gap
    shown = [(event["step"], event[field]) for event in events if field in event]
    known = any(value is not None for _, value in shown)
    return {
        "type": "scatter",
        "mode": mode,
        "name": escape(label),  # Plotly reads its texts as HTML
        "x": [step for step, _ in shown] if known else [],
        "y": [None if value is None else value * factor for _, value in shown] if known else [],
        "line": line,
        "hovertemplate": f"{escape(label)}<br>step %{{x}}: %{{y:.4~g}}<extra></extra>",
        "meta": {"tint": tint},
    }


def _best(run: Curves, number: int) -> dict[str, Any]:
    logged = (*run.evals, *run.train)  # without evaluations the training loss has to do
    places = [event for event in logged if event["step"] == run.best_step and event.get("loss") is not None]
    text = f"{escape(run.label)}: the weights of step {run.best_step} are kept"
    return _marks(places[:1], [text], "circle-open", 14, number)


def _alerts(run: Curves) -> dict[str, Any]:
    """Puts each alert on the loss of its step, or of the last step before it that has one."""
    places, texts = [], []
    for alert in run.alerts:
        step = alert.get("step") or 0
        known = [one for one in (*run.train, *run.evals) if one["step"] <= step and one.get("loss") is not None]
        if known:
            places.append({"step": step, "loss": max(known, key=lambda one: int(one["step"]))["loss"]})
            texts.append(f"step {step}, {escape(str(alert['alert']))}: {escape(str(alert['text']))}")
    return _marks(places, texts, "triangle-up", 11, None)


def _marks(places: Sequence[Event], texts: list[str], symbol: str, size: int, tint: int | None) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "",
        "x": [place["step"] for place in places],
        "y": [place["loss"] for place in places],
        "text": texts[: len(places)],
        "marker": {"symbol": symbol, "size": size, "line": {"width": 2}},
        "hovertemplate": "%{text}<extra></extra>",
        "meta": {"tint": tint},
    }
