"""A run in a few numbers: from its record and its history, whatever kind it is and however far it came."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from sdp.runs.events import Event
from sdp.runs.history import History

RECENT = 5
"""Logged values that say how fast it goes."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What one wants to know of a run at a glance; None: not known, or not of this kind."""

    id: str
    name: str
    kind: str
    status: str
    """As recorded, or ``broken off``."""
    created: str
    model: str | None
    method: str | None
    step: int
    total_steps: int | None
    epoch: float | None
    loss: float | None
    """Of the last logged steps."""
    eval_loss: float | None
    """Of the last evaluation."""
    best_eval_loss: float | None
    best_step: int | None
    """The step whose weights are kept, or would be if it ended now."""
    learning_rate: float | None
    tokens_per_s: float | None
    examples_per_s: float | None
    seconds: float
    """Of work, pauses between a stop and a resume not counted."""
    left_s: float | None
    """At the speed of late; of running ones only."""
    n_alerts: int
    stopped: str | None
    """Why it ended early."""
    error: str | None


def summarise(run_id: str, record: Mapping[str, Any], history: History, status: str) -> Summary:
    """Works out a summary.

    Args:
        run_id: The folder's name.
        record: Its run.json.
        history: Its events.
        status: As it is, see `sdp.runs.find.standing_of`.
    """
    recipe = record["config"].get("recipe") or {}
    trained = history.trained or {}
    train, evaluated = dict(next(reversed(history.train), {})), dict(next(reversed(history.evals), {}))
    best = min((event for event in history.evals if _number(event, "loss") is not None), key=_loss, default={})
    total = total_steps(recipe, train)
    return Summary(
        id=run_id,
        name=str(record.get("name", run_id)),
        kind=str(record["kind"]),
        status=status,
        created=str(record.get("created", "")),
        model=_text(recipe.get("model")) or _text(record["config"].get("model")),
        method=_text(recipe.get("method")),
        step=max(history.step, int(trained.get("steps") or 0)),
        total_steps=total,
        epoch=_number(trained, "epochs") or _number(train, "epoch"),
        loss=_number(train, "loss") if train else _number(trained, "loss"),
        eval_loss=_number(evaluated, "loss"),
        best_eval_loss=_number(best, "loss"),
        best_step=_best_step(history),
        learning_rate=_number(train, "learning_rate"),
        tokens_per_s=_recent(history.train, "tokens_per_s"),
        examples_per_s=_recent(history.train, "examples_per_s"),
        seconds=worked_s(history, str(record.get("created", ""))),
        left_s=left_s(history, total) if status == "running" else None,
        n_alerts=len(history.alerts),
        stopped=_text((history.stopping or {}).get("reason")),
        error=_text(record.get("error")) if status == "failed" else None,
    )


def total_steps(recipe: Mapping[str, Any], train: Event) -> int | None:
    """Works out how many steps a training has if it is not stopped early.

    Args:
        recipe: Says steps, or epochs.
        train: The last `train` event: how many steps an epoch has is known once there is one.
    """
    settings = recipe.get("training") or {}
    if settings.get("max_steps"):
        return int(settings["max_steps"])
    epochs, epoch = settings.get("num_train_epochs"), _number(train, "epoch")
    return round(int(train["step"]) * float(epochs) / epoch) if epochs and epoch else None


def worked_s(history: History, created: str = "") -> float:
    """Adds up the time from each start to the last sign of life before the next, seconds.

    Args:
        history: Of the run.
        created: Its start, for kinds of run that do not say when they begin.
    """
    kinds = (history.statuses, history.train, history.evals, history.checkpoints)
    times = _times(event for events in kinds for event in events)
    starts = _times(event for event in history.statuses if event.get("status") == "running")
    if not starts and created and times:
        starts = [datetime.fromisoformat(created).timestamp()]
    ends = [*starts[1:], float("inf")]
    return sum(
        max((time for time in times if start <= time < end), default=start) - start
        for start, end in zip(starts, ends[: len(starts)], strict=True)
    )


def left_s(history: History, total: int | None) -> float | None:
    """Estimates the time to the last step, seconds, evaluations and checkpoints included."""
    recent = [(time, int(event["step"])) for event in history.train[-RECENT - 1 :] for time in _times([event])]
    each = [(later - time) / (b - a) for (time, a), (later, b) in pairwise(recent) if b > a]
    return max(total - history.step, 0) * median(each) if total and each else None


def _best_step(history: History) -> int | None:
    """By whatever metric the recipe names: a checkpoint is written whenever it is the best so far."""
    checkpoints = [event["step"] for event in history.checkpoints if event.get("best")]
    found = (history.trained or history.stopping or {}).get("best_step", checkpoints[-1] if checkpoints else None)
    return None if found is None else int(found)


def _times(events: Iterable[Event]) -> list[float]:
    """Reads times, in order; an event that somebody else wrote may have none."""
    found = []
    for event in events:
        with suppress(ValueError):
            found.append(datetime.fromisoformat(str(event.get("time"))).timestamp())
    return sorted(found)


def _loss(event: Event) -> float:
    return float(event["loss"])


def _number(event: Event, name: str) -> float | None:
    value = event.get(name)
    return float(value) if isinstance(value, int | float) else None


def _recent(events: Sequence[Event], name: str) -> float | None:
    found = [value for event in events[-RECENT:] if (value := _number(event, name)) is not None]
    return median(found) if found else None


def _text(value: object) -> str | None:
    return str(value) if value else None
