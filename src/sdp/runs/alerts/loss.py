"""Rules about the loss: it is no number, it rises, it no longer falls."""

import math
from itertools import pairwise
from statistics import fmean, median

from sdp.runs.alerts.alert import Alert, Event, number

SMOOTH = 5
"""Logged losses whose median is taken for the loss: one strange batch is no trend."""
FIRST_VERDICT = 10
"""Logged losses before anything is said."""
LEAST_HALF = 15
"""Logged losses of which a mean is worth comparing."""


class NotFinite:
    """The loss of a step or an evaluation is not a number, or the gradient's norm is not, three times in a row.

    A gradient alone may overflow now and then: loss scaling in half precision works that way.
    """

    name = "not_finite"
    reads = ("train", "eval", "not_finite")

    def __init__(self) -> None:
        self._overflows = 0

    def see(self, event: Event) -> Alert | None:
        """Looks at one event."""
        if event["event"] == "not_finite" or _is_lost(event, "loss"):  # training has stopped, or goes on without
            return self._alert(event, "loss")
        if event["event"] == "train":
            self._overflows = self._overflows + 1 if _is_lost(event, "grad_norm") else 0
        return self._alert(event, "gradient") if self._overflows >= 3 else None  # noqa: PLR2004  (see above)

    def _alert(self, event: Event, what: str) -> Alert:
        hint = "lower training.learning_rate, or train in float32"
        return Alert(self.name, event.get("step"), None, None, f"the {what} is not a number any more: {hint}")


class Divergence:
    """The loss has risen again by a share of what it had fallen.

    It is the median of the last logged losses that is compared with the lowest such median. A rise counts from six
    times the noise on (standard deviation of single losses, from their differences), and from a twentieth of the
    first loss.

    Args:
        share: Of the fall.
    """

    name = "divergence"
    reads = ("train",)

    def __init__(self, share: float) -> None:
        self._share = share
        self._losses: list[float] = []
        self._first = 0.0
        self._lowest = math.inf
        self._noise = 0.0

    def see(self, event: Event) -> Alert | None:
        """Looks at one event."""
        loss = number(event, "loss")
        if loss is None:
            return None
        self._losses = [*self._losses[-50:], loss]
        if len(self._losses) < SMOOTH:
            return None
        now = median(self._losses[-SMOOTH:])
        if math.isinf(self._lowest):
            self._first = now
        if now < self._lowest or len(self._losses) <= 2 * FIRST_VERDICT:
            self._noise = noise_of(self._losses)
        self._lowest = min(self._lowest, now)
        rise = max(self._share * (self._first - self._lowest), 0.05 * abs(self._first), 6 * self._noise)
        if len(self._losses) < FIRST_VERDICT or now <= self._lowest + rise:
            return None
        text = f"the loss has risen from {self._lowest:.3g} to {now:.3g}: lower training.learning_rate, or warm up"
        return Alert(self.name, event.get("step"), now, self._lowest + rise, text)


class Plateau:
    """The loss no longer falls, although the learning rate would let it.

    Judged whenever there are a quarter more logged losses than the last time, for who looks often enough sees one. The
    last half of the losses, at least thirty, is cut into two. They are level if the mean of the second is lower by
    less than a share of all that the loss has fallen (or by less than 2 %), even four standard errors granted. A loss
    that has come down to a fiftieth, or a learning rate below a fifth of its highest, is the end of a training and no
    plateau.

    In a short or noisy run such small falls cannot be seen. But that nothing was learnt at all can: once the learning
    rate is past its half, the last third is not below the first by one standard error, and that is at most 3 %.

    Args:
        share: Of the fall so far.
    """

    name = "plateau"
    reads = ("train",)

    def __init__(self, share: float) -> None:
        self._share = share
        self._losses: list[float] = []
        self._highest_rate = 0.0
        self._next = 2 * LEAST_HALF + SMOOTH
        self._verdict: Alert | None = None

    def see(self, event: Event) -> Alert | None:
        """Looks at one event."""
        loss, rate = number(event, "loss"), number(event, "learning_rate") or 0.0
        if loss is None:
            return None
        self._losses.append(loss)
        self._highest_rate = max(self._highest_rate, rate)
        if len(self._losses) >= self._next:
            self._next = len(self._losses) * 5 // 4
            judged = (self._judge(event) or self._untaught(event, rate)) if rate >= self._highest_rate / 5 else None
            self._verdict = judged
        return self._verdict

    def _judge(self, event: Event) -> Alert | None:
        half = max(len(self._losses) // 4, LEAST_HALF)
        before, after = self._losses[-2 * half : -half], self._losses[-half:]
        first, now = max(self._losses[:SMOOTH]), fmean(after)
        if now <= first / 50:
            return None
        fall, error = fmean(before) - now, _error([*before, *after], half)
        limit = max(self._share * (first - now), 0.02 * now)
        if not -limit - error < fall < limit - 4 * error:  # what rises is no plateau
            return None
        return self._alert(event, now, fall, limit)

    def _untaught(self, event: Event, rate: float) -> Alert | None:
        third = len(self._losses) // 3
        first, middle, now = (fmean(self._losses[place * third :][:third]) for place in range(3))
        fall, error = first - now, _error(self._losses, third)
        is_level = -4 * error < fall < error and abs(first - middle) < 4 * error  # not down and up again
        if rate > self._highest_rate / 2 or error > 0.03 * now or not is_level:
            return None
        return self._alert(event, now, fall, error)

    def _alert(self, event: Event, now: float, fall: float, limit: float) -> Alert:
        text = f"the loss stays at {now:.3g}: stop, or change training.learning_rate, the data or the rank"
        return Alert(self.name, event.get("step"), fall, limit, text)


def noise_of(values: list[float]) -> float:
    """Estimates the standard deviation of single values around their trend.

    Differences of neighbours have √2 of it and no trend; 1.4826 times the median of their size estimates that where
    they are normal, and does not mind outliers.
    """
    differences = [abs(b - a) for a, b in pairwise(values)]
    return 1.4826 * median(differences) / math.sqrt(2) if differences else 0.0


def _error(values: list[float], n: int) -> float:
    """Estimates the standard error of the difference of two means, each of so many of the values."""
    squares = fmean((b - a) ** 2 for a, b in pairwise(values))
    return math.sqrt(squares / 2) * math.sqrt(2 / n)  # neighbours' differences have twice the variance


def _is_lost(event: Event, name: str) -> bool:
    """Says whether a number is not finite; events.jsonl has null for it."""
    if name not in event:
        return False
    value = event[name]
    return value is None or not math.isfinite(value)
