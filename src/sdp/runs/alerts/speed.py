"""Rules about gradients and speed: both are compared with what this run has shown before."""

import math
from statistics import median

from sdp.runs.alerts.alert import Alert, Event, number

WINDOW = 50
"""Logged values that say what is usual."""
FIRST_VERDICT = 10
"""Logged values before anything is said."""
IN_A_ROW = 3
"""Slow stretches in a row; one is an evaluation of somebody else's on the same machine."""


class ExplodingGradient:
    """The gradient's norm, before clipping, is many times its median: twice in a row, or ten times as much once.

    Norms below the one that is clipped to (1 if none is) harm nobody.

    Args:
        times: Of the median.
        harmless: See above.
    """

    name = "exploding_gradient"
    reads = ("train",)

    def __init__(self, times: float, harmless: float = 1.0) -> None:
        self._times = times
        self._harmless = harmless
        self._norms: list[float] = []
        self._last_was_large = False

    def see(self, event: Event) -> Alert | None:
        """Looks at one event."""
        norm = number(event, "grad_norm")
        if norm is None or not math.isfinite(norm):
            return None
        if len(self._norms) < FIRST_VERDICT:
            self._norms.append(norm)
            return None
        limit = max(self._times * median(self._norms), self._harmless)
        large, huge = norm > limit, norm > 10 * limit
        raised = huge or (large and self._last_was_large)
        self._last_was_large = large
        if not large:
            self._norms = [*self._norms[-WINDOW:], norm]
        if not raised:
            return None
        text = f"the gradient's norm is {norm:.3g}, usual is {median(self._norms):.3g}: lower training.learning_rate"
        return Alert(self.name, event.get("step"), norm, limit, text)


class Throughput:
    """Training has become slow: fewer tokens/s than a share of their median, three times in a row.

    A resumed run may be on another machine: what is usual is learnt anew.

    Args:
        share: Of the median.
    """

    name = "throughput"
    reads = ("train", "status")

    def __init__(self, share: float) -> None:
        self._share = share
        self._speeds: list[float] = []
        self._n_slow = 0

    def see(self, event: Event) -> Alert | None:
        """Looks at one event."""
        if event["event"] == "status":
            self._speeds, self._n_slow = [], 0
            return None
        speed = number(event, "tokens_per_s")
        if speed is None:
            return None
        if len(self._speeds) < FIRST_VERDICT:
            self._speeds.append(speed)
            return None
        usual = median(self._speeds)
        is_slow = speed < self._share * usual
        self._n_slow = self._n_slow + 1 if is_slow else 0
        if not is_slow:
            self._speeds = [*self._speeds[-WINDOW:], speed]
        if self._n_slow < IN_A_ROW:
            return None
        text = f"training does {speed:,.0f} tokens/s, usual is {usual:,.0f}: see what else runs on this machine"
        return Alert(self.name, event.get("step"), speed, self._share * usual, text)
