"""The plots of a data set, as Plotly's own JSON: traces and layout without colours, which the page adds."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sdp.reports.numerals import count, percent

SHOWN = 24
"""Letters of a text on an axis; longer ones are cut."""
LONG_WORDS = 0.002
"""Share of the rows below which the last lengths are put together."""


def make_data_figures(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Makes every plot that a data set has numbers for.

    Args:
        page: One data set: a verdict as a dictionary with the tallies of its rows.

    Returns:
        Figures with `name`, `title`, `note`, `traces` and `layout`; a trace's `meta.tint` is the number of the split.
    """
    splits = list(page["splits"])
    figures = [
        _strata(page, splits),
        _answers(page, splits),
        _lengths(page, splits),
        _phrasings(page, splits),
        _rejects(page),
    ]
    return [{**figure, "name": f"{page['task']}-{figure['name']}"} for figure in figures if figure["traces"]]


def _figure(name: str, title: str, traces: list[dict[str, Any]], layout: dict[str, Any], note: str = "") -> Any:
    return {"name": name, "title": title, "traces": traces, "layout": layout, "note": note}


def _bars(label: str, tint: int | None, places: Sequence[str], values: Sequence[float], hover: Sequence[str]) -> Any:
    return {
        "type": "bar",
        "name": escape(label),
        "x": [escape(place) for place in places],  # Plotly reads its texts as HTML
        "y": list(values),
        "text": [escape(text) for text in hover],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "meta": {"tint": tint},
    }


def _strata(page: Mapping[str, Any], splits: list[str]) -> Any:
    kinds = {split: page["splits"][split].get("strata") or {} for split in splits}
    names = list(dict.fromkeys(name for rows in kinds.values() for name in rows))
    traces = []
    for number, split in enumerate(splits if names else []):
        shares = [kinds[split].get(name, 0) / page["splits"][split]["rows"] for name in names]
        hover = [f"{split}, {name}: {count(kinds[split].get(name, 0))} rows" for name in names]
        traces.append(_bars(split, number, names, [100 * share for share in shares], hover))
    layout = {"barmode": "group", "xaxis": {"type": "category"}, "yaxis": _percent()}
    return _figure("strata", "Kinds of question", traces, layout)


def _answers(page: Mapping[str, Any], splits: list[str]) -> Any:
    counted = page["answers"]
    total: dict[str, int] = {}
    for rows in counted.values():
        for answer, n in rows.items():
            total[answer] = total.get(answer, 0) + n
    names = sorted(total, key=lambda answer: (-total[answer], answer))[:12]
    shown = [_short(name) for name in names]
    traces = []
    for number, split in enumerate(splits):
        rows, n = counted[split], page["splits"][split]["rows"]
        hover = [f"{split}, {name!r}: {count(rows.get(name, 0))} rows" for name in names]
        traces.append(_bars(split, number, shown, [100 * rows.get(name, 0) / n for name in names], hover))
    floor = max((page["splits"][split]["floor"] for split in splits), default=0.0)
    if names:
        traces.append(_line(f"highest floor, {percent(floor)} %", shown, 100 * floor))
    layout = {"barmode": "group", "xaxis": {"type": "category"}, "yaxis": _percent()}
    note = "The commonest answers; the dashed line is the floor, what always guessing one answer scores."
    return _figure("answers", "Answers", traces, layout, note)


def _lengths(page: Mapping[str, Any], splits: list[str]) -> Any:
    lengths = {split: _ends_merged(page["lengths"][split]) for split in splits}
    longest = max(map(len, lengths.values()), default=0)
    first = min((next((i for i, n in enumerate(rows) if n), 0) for rows in lengths.values()), default=0)
    places = list(range(first, longest))
    traces = []
    for number, split in enumerate(splits):
        rows = lengths[split] + [0] * (longest - len(lengths[split]))
        n = sum(rows) or 1
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": escape(split),
                "x": places,
                "y": [100 * rows[place] / n for place in places],
                "text": [f"{escape(split)}, {place} letters: {count(rows[place])} rows" for place in places],
                "hovertemplate": "%{text}<extra></extra>",
                "meta": {"tint": number},
            }
        )
    layout = {"xaxis": {"title": {"text": "letters of the key"}}, "yaxis": _percent()}
    return _figure("lengths", "Key lengths", traces if places else [], layout)


def _phrasings(page: Mapping[str, Any], splits: list[str]) -> Any:
    phrasings = sorted(page["phrasings"], key=lambda one: (one["held_out"], one.get("family", ""), one["where"]))
    traces = []
    for number, split in enumerate(splits):
        rows = page["templates"].get(split, {})
        values = [rows.get(one["hash"], 0) for one in phrasings]
        names = [f"{one['where']}{' (held out)' if one['held_out'] else ''}" for one in phrasings]
        texts = [_short(one["text"], 60) for one in phrasings]
        hover = [f"{split}, {at}: {count(n)} rows, {text}" for at, n, text in zip(names, values, texts, strict=True)]
        n_rows = page["splits"][split]["rows"]
        places = list(range(1, len(phrasings) + 1))
        bars = _bars(split, number, [str(place) for place in places], [100 * n / n_rows for n in values], hover)
        traces.append({**bars, "x": places})
    seen = sum(not one["held_out"] for one in phrasings)
    numbers = f"1–{seen} trained, {seen + 1}–{len(phrasings)} held out" if seen < len(phrasings) else "none held out"
    layout = {"barmode": "group", "xaxis": {"title": {"text": numbers}}, "yaxis": _percent()}
    return _figure("phrasings", "Phrasings", traces if phrasings else [], layout)


def _rejects(page: Mapping[str, Any]) -> Any:
    by_check: dict[str, int] = {}
    for reason, n in page["rejects"].items():
        check = reason.partition(":")[0]
        by_check[check] = by_check.get(check, 0) + n
    trace = {
        "type": "bar",
        "orientation": "h",
        "name": "rejects",
        "x": list(by_check.values()),
        "y": [escape(check) for check in by_check],
        "text": [escape(f"{check}: {count(n)} rows") for check, n in by_check.items()],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "meta": {"tint": 0},
    }
    layout = {"xaxis": {"title": {"text": "rows"}}, "yaxis": {"type": "category"}}
    note = "Rows that were made, refused and replaced, by the check that refused them."
    return _figure("rejects", "Rejected while they were made", [trace] if by_check else [], layout, note)


def _ends_merged(rows: Sequence[int]) -> list[int]:
    """Puts the last, rarest lengths together, so that one word of 40 letters does not stretch the axis."""
    kept, n = list(rows), sum(rows)
    while len(kept) > 2 and kept[-1] + kept[-2] < LONG_WORDS * n:  # noqa: PLR2004  (two entries become one)
        kept[-2:] = [kept[-2] + kept[-1]]
    return kept


def _line(label: str, places: Sequence[str], value: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": label,
        "x": [escape(place) for place in places],
        "y": [value] * len(places),
        "line": {"dash": "dash"},
        "hovertemplate": f"{escape(label)}<extra></extra>",
        "meta": {"tint": None},
    }


def _short(text: str, most: int = SHOWN) -> str:
    shown = text.replace("\n", "⏎")
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _percent() -> dict[str, Any]:
    return {"title": {"text": "rows of the split, %"}, "rangemode": "tozero"}
