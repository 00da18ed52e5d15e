"""What the page shows, as ready-made texts: the template only places them."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sdp.reports.flips import visible
from sdp.reports.numerals import NOT_DEFINED, count, decimal, p_value, percent, percent_range, points, points_range

EXAMPLES_PER_TASK = 4
VERDICTS = {"better": "better", "worse": "worse"}
"""CSS classes; any other verdict is neutral."""
DESCRIPTIVE = (
    ("edit_similarity", "edit similarity %", percent),
    ("rouge_l", "ROUGE-L %", percent),
    ("answer_ppl_token", "answer_ppl_token", decimal),
    ("answer_bits_per_char", "answer_bits_per_char", decimal),
)


def score_rows(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lists one line per task and model, grouped by task.

    Args:
        models: The models of a `BenchResult`.

    Returns:
        Lines with `task`, `first` (of its task), `model`, `number` of the model, and `cells` of text, value and tip.
    """
    lines = []
    for task in dict.fromkeys(task for model in models for task in model["tasks"]):
        of_task = [(number, model) for number, model in enumerate(models) if task in model["tasks"]]
        for place, (number, model) in enumerate(of_task):
            cells = _score_cells(model["tasks"][task])
            lines.append({"task": task, "span": 0 if place else len(of_task), "model": model["label"], "number": number,
                          "cells": cells})  # fmt: skip
    return lines


def score_heads() -> list[str]:
    """Names the cells of `score_rows`."""
    return ["exact match %", "95 % interval", "floor %", "format failures %", *(head for _, head, _ in DESCRIPTIVE),
            "rows", "words"]  # fmt: skip


def _score_cells(task: dict[str, Any]) -> list[dict[str, Any]]:
    scores = task["scores"]
    exact = scores.get("exact_match")
    interval = percent_range(exact["low"], exact["high"]) if exact else NOT_DEFINED
    return [
        _score(scores, "exact_match", percent),
        {"text": interval, "tip": "clustered by word"},
        _cell(percent(task["floor"]), task["floor"], f"always answering {visible(task['floor_answer'])!r}"),
        _score(scores, "format_failure", percent),
        *(_score(scores, name, write) for name, _, write in DESCRIPTIVE),
        _cell(count(task["n_rows"]), task["n_rows"]),
        _cell(count(task["n_keys"]), task["n_keys"]),
    ]


def _score(scores: dict[str, Any], name: str, write: Any) -> dict[str, Any]:
    if name not in scores:
        return _cell(NOT_DEFINED)
    score = scores[name]
    return _cell(write(score["value"]), score["value"], score["signature"]) | {"name": name}


def _cell(text: str, value: float | None = None, tip: str = "") -> dict[str, Any]:
    return {"text": text, "value": value, "tip": tip}


def comparison_groups(comparisons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups comparisons by pair of models, with every number written out.

    Args:
        comparisons: The comparisons of a `BenchResult`.

    Returns:
        Groups with `label`, `against`, `lines` and the names of the `tests`.
    """
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in comparisons:
        groups.setdefault((row["label"], row["against"]), []).append(_comparison(row))
    return [
        {
            "label": label,
            "against": against,
            "lines": lines,
            "tests": list(dict.fromkeys(line["test"] for line in lines)),
        }
        for (label, against), lines in groups.items()
    ]


def _comparison(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "kind": VERDICTS.get(row["verdict"], "same"),
        "shown": {
            "before": percent(row["before"]),
            "after": percent(row["after"]),
            "difference": points(row["difference"]),
            "interval": points_range(row["low"], row["high"]),
            "p": p_value(row["p"]),
            "p_holm": p_value(row["p_holm"]),
            "mde": percent(row["mde"]),
            "pairs": count(row["n_pairs"]),
            "unpaired": count(row["n_unpaired"]),
            "fixed": count(row["n_fixed"]),
            "broken": count(row["n_broken"]),
            "format_failures": f"{count(row['format_failures_before'])} → {count(row['format_failures_after'])}",
            "wrong": f"{count(row['wrong_before'])} → {count(row['wrong_after'])}",
        },
    }


def examples(result: dict[str, Any], rows: pa.Table) -> list[dict[str, Any]]:
    """Picks a few questions per task, with what every model said.

    Args:
        result: A `BenchResult` as a dictionary.
        rows: Its rows table.

    Returns:
        One entry per question: the lowest ids, an order that has nothing to do with the answers.
    """
    numbers = {model["label"]: number for number, model in enumerate(result["models"])}
    found = []
    for task in dict.fromkeys(task for model in result["models"] for task in model["tasks"]):
        of_task = rows.filter(pc.equal(rows["task"], pa.scalar(task)))
        chosen = pc.unique(of_task["id"]).sort()[:EXAMPLES_PER_TASK]
        picked = of_task.filter(pc.is_in(of_task["id"], value_set=chosen)).sort_by("id").to_pylist()
        for wanted in chosen.to_pylist():
            said = sorted((row for row in picked if row["id"] == wanted), key=lambda row: numbers[row["label"]])
            found.append({
                "task": task,
                "prompt": visible(said[0]["prompt"]),
                "answer": visible(said[0]["answer"]),
                "said": [(numbers[row["label"]], row["label"], visible(row["output"]), row["exact"]) for row in said],
            })  # fmt: skip
    return found


def flattened(value: Any, name: str = "") -> list[tuple[str, str]]:
    """Lists nested settings as dotted names and texts.

    Args:
        value: Dictionaries and lists of plain values.
        name: The dotted name so far.

    Returns:
        Names and texts in the order of the dictionary.
    """
    if isinstance(value, dict) and value:
        return [
            pair for key, inner in value.items() for pair in flattened(inner, f"{name}.{key}" if name else str(key))
        ]
    if isinstance(value, list) and any(isinstance(inner, (dict, list)) for inner in value):
        return [pair for number, inner in enumerate(value) for pair in flattened(inner, f"{name}.{number}")]
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return [(name, visible(text))]
