"""So many logged values and no more: of a long run what stands out, evenly over all of it."""

from collections.abc import Callable, Iterator

from sdp.runs.events import Event

LONGEST = 4096
_WHOLE = 3
"""Events that are kept of a stretch."""
_NEWEST = 64
"""They are all kept: they say how fast it goes."""


class Thinned:
    """A list of events with losses that leaves some out when it grows long.

    Of each stretch of equally many events those with the lowest and the highest loss and the steepest gradient stay,
    so nothing that stands out in a plot is lost. A value that is no number stands out, too.

    Args:
        longest: More than so many events are never kept.
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self._most = (longest - _NEWEST) // _WHOLE - 1
        self._span = _WHOLE
        self._stretches: list[list[Event]] = []
        self._newest: list[Event] = []

    @property
    def is_thinned(self) -> bool:
        """Whether anything was left out."""
        return self._span > _WHOLE

    def __iter__(self) -> Iterator[Event]:
        for stretch in self._stretches:
            yield from stretch
        yield from self._newest

    def append(self, event: Event) -> None:
        """Takes the next event."""
        self._newest.append(event)
        if len(self._newest) < _NEWEST + self._span:
            return
        self._stretches.append(_outstanding(self._newest[: self._span]))
        del self._newest[: self._span]
        if len(self._stretches) > self._most:
            pairs = iter(self._stretches)
            self._stretches = [_outstanding([*one, *next(pairs, [])]) for one in pairs]
            self._span *= 2

    def keep(self, stands: Callable[[Event], bool]) -> None:
        """Takes away what does not stand."""
        kept = [[event for event in stretch if stands(event)] for stretch in self._stretches]
        self._stretches = [stretch for stretch in kept if stretch]
        self._newest = [event for event in self._newest if stands(event)]


def _outstanding(events: list[Event]) -> list[Event]:
    if len(events) <= _WHOLE:
        return events
    places = range(len(events))
    losses, norms = ([_size(event, name) for event in events] for name in ("loss", "grad_norm"))
    chosen = {min(places, key=losses.__getitem__), *(max(places, key=one.__getitem__) for one in (losses, norms))}
    return [events[place] for place in sorted(chosen)]


def _size(event: Event, name: str) -> float:
    value = event.get(name, 0.0)
    return float(value) if isinstance(value, int | float) else float("inf")
