"""What flipped: questions that one model got right and the other did not, side by side."""

from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

SHOWN_PER_GROUP = 200
"""Questions that the page carries per pair of models, task and direction: enough to look at, few enough to load."""

_BOTH = ("exact", "output", "prediction", "format_failure")
"""Columns that each of the two models has of its own."""


@dataclass(frozen=True)
class FlipGroup:
    """The questions of one task that flipped in one direction between two models.

    Attributes:
        label: The model under test.
        against: The model it is compared with.
        task: The task.
        kind: ``fixed`` (wrong, then right) or ``broken`` (right, then wrong).
        n_total: How many there are.
        rows: The first of them by id: an order that has nothing to do with the answers.
    """

    label: str
    against: str
    task: str
    kind: Literal["fixed", "broken"]
    n_total: int
    rows: list[dict[str, Any]]


def find_flips(rows: pa.Table, label: str, against: str, *, limit: int = SHOWN_PER_GROUP) -> list[FlipGroup]:
    """Pairs the rows of two models by id and keeps what flipped.

    Args:
        rows: The rows table of a bench.
        label: The model under test.
        against: The model it is compared with.
        limit: Questions kept per task and direction.

    Returns:
        One group per task and direction, empty ones included, tasks in the order of the table.
    """
    paired = _paired(rows, label, against)
    groups = []
    for task in dict.fromkeys(str(task) for task in rows["task"].to_pylist()):
        of_task = paired.filter(pc.equal(paired["task"], pa.scalar(task)))
        fixed = pc.and_(pc.invert(of_task["exact_before"]), of_task["exact_after"])
        broken = pc.and_(of_task["exact_before"], pc.invert(of_task["exact_after"]))
        groups += [
            _group(of_task.filter(fixed), label, against, task, "fixed", limit),
            _group(of_task.filter(broken), label, against, task, "broken", limit),
        ]
    return groups


def _paired(rows: pa.Table, label: str, against: str) -> pa.Table:
    after = rows.filter(pc.equal(rows["label"], pa.scalar(label)))
    before = rows.filter(pc.equal(rows["label"], pa.scalar(against))).select(["task", "id", *_BOTH])
    joined = after.join(before, keys=["task", "id"], join_type="inner", left_suffix="_after", right_suffix="_before")
    return joined.sort_by([("task", "ascending"), ("id", "ascending")])


def _group(
    flipped: pa.Table, label: str, against: str, task: str, kind: Literal["fixed", "broken"], limit: int
) -> FlipGroup:
    rows = [
        {
            "id": f"{row['id']:016x}",  # 16 hex digits, as in every text format; JavaScript's numbers would round it
            "key": visible(row["key"]),
            "held_out": row["held_out_phrasing"],
            "prompt": visible(row["prompt"]),
            "answer": visible(row["answer"]),
            "before": visible(row["output_before"]),
            "after": visible(row["output_after"]),
            "before_malformed": bool(row["format_failure_before"]),
            "after_malformed": bool(row["format_failure_after"]),
        }
        for row in flipped.slice(0, limit).to_pylist()
    ]
    return FlipGroup(label, against, task, kind, flipped.num_rows, rows)


def visible(text: str) -> str:
    """Shows control characters as pictures (␀, ␛): models write them, browsers swallow them."""
    return text.translate(_PICTURES)


_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
