"""What an alert is, and what a rule is that raises one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person should look at. It never stops a training."""

    alert: str
    """Name of the rule."""
    step: int | None
    value: float | None
    """What was seen; None: not a number."""
    limit: float | None
    """What it should not pass."""
    text: str
    """One sentence, and what to do."""


class Rule(Protocol):
    """Looks at events, one by one, and keeps in mind what it needs."""

    @property
    def name(self) -> str:
        """What its alerts are called."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Kinds of event that it is shown."""

    def see(self, event: Event) -> Alert | None:
        """Says what is wrong as long as it is; None: nothing, or not yet known."""


def number(event: Event, name: str) -> float | None:
    """Gives a number of an event; None if it has none there."""
    value = event.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
