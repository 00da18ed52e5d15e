"""What a run's events say: a stream of dictionaries in, its history out, what a resumed run did twice only once.

Kinds of a training run, each with ``event`` and ``time`` (UTC):

=============  ==========================================================================================
``status``     ``status``, ``error``: running, complete, failed, interrupted
``train``      ``step``, ``epoch``, ``loss``, ``learning_rate``, ``grad_norm``, and what `measure` gives
``eval``       ``step``, ``epoch``, ``loss`` (nats per answer token), ``token_accuracy``, ``exact_match``
``checkpoint`` ``step``, ``path``, ``best``
``resumed``    ``step``, ``exact``, ``differs``
``rollback``   ``step``, ``aside``
``mirror``     ``url``, ``steps``, ``error``
``alert``      ``alert``, ``step``, ``value``, ``limit``, ``text``
``stopping``   ``step``, ``best_step``, ``reason``
``not_finite`` ``step``, ``file``: training ended because its loss was not a number
``trained``    what came of it
``score``      ``target``, ``task``, ``metric``, ``value``, ``low``, ``high``: of a bench
=============  ==========================================================================================
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = Mapping[str, Any]

STEPPED = ("train", "eval", "checkpoint", "alert", "stopping", "not_finite")
"""Kinds that belong to a step."""


@dataclass(frozen=True, slots=True)
class History:
    """The events of a run, in order, by kind."""

    train: list[Event] = field(default_factory=list)
    evals: list[Event] = field(default_factory=list)
    checkpoints: list[Event] = field(default_factory=list)
    alerts: list[Event] = field(default_factory=list)
    scores: list[Event] = field(default_factory=list)
    stopping: Event | None = None
    statuses: list[Event] = field(default_factory=list)
    trained: Event | None = None

    @property
    def step(self) -> int:
        """The last step that anything is known of; 0 before the first."""
        return max((int(event["step"]) for event in (*self.train[-1:], *self.evals[-1:])), default=0)


def history(events: Iterable[Event]) -> History:
    """Sorts events by kind.

    A run that was killed and resumed goes through the steps after its checkpoint again: what it said about them the
    first time is left out.

    Args:
        events: As they lie in events.jsonl.
    """
    kept = standing(events)

    def of(kind: str) -> list[Event]:
        return [event for event in kept if event.get("event") == kind]

    return History(
        train=of("train"),
        evals=of("eval"),
        checkpoints=of("checkpoint"),
        alerts=of("alert"),
        scores=of("score"),
        stopping=next(reversed(of("stopping")), None),
        statuses=of("status"),
        trained=next(reversed(of("trained")), None),
    )


def standing(events: Iterable[Event]) -> list[Event]:
    """Leaves out what a resumed run did anew, and nothing else."""
    kept: list[Event] = []
    resumed = False
    for event in events:
        if event.get("event") == "status" and event.get("status") == "running":
            resumed = True
        if is_stepped(event) and resumed:
            first = int(event["step"])
            kept = [one for one in kept if not (is_stepped(one) and int(one["step"]) >= first)]
            resumed = False
        kept.append(event)
    return kept


def is_stepped(event: Event) -> bool:
    """Says whether an event belongs to a step."""
    return event.get("event") in STEPPED and isinstance(event.get("step"), int)


def read_events(path: Path, start: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Reads what was appended to a file of events.

    Args:
        path: An events.jsonl; it need not be there yet.
        start: Bytes that were read before.

    Returns:
        The events of the whole lines from there on, and where to start the next time.
    """
    try:
        with path.open("rb") as handle:
            handle.seek(start)
            text = handle.read()
    except FileNotFoundError:
        return [], start
    end = text.rfind(b"\n") + 1
    found = []
    for line in text[:end].splitlines():
        try:
            event = json.loads(line)
        except ValueError:  # a process died in the middle of it, and a resumed one wrote on
            continue
        if isinstance(event, dict):
            found.append(event)
    return found, start + end
