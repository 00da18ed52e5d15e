"""Rules about what runs out, and about a GPU that waits."""

from sdp.runs.alerts.alert import Alert, Event, number

GIB = 2**30
IN_A_ROW = 5
"""Idle stretches in a row before a GPU counts as waiting: the first is always slow."""


class NearlyFull:
    """Something is nearly used up.

    Args:
        name: Of the alert.
        field: Of a `train` event: what is left.
        least: What should be left.
        text: With ``{left}``, in percent or GiB.
    """

    reads = ("train",)

    def __init__(self, name: str, field: str, least: float, text: str) -> None:
        self.name = name
        self._field = field
        self._least = least
        self._text = text

    def see(self, event: Event) -> Alert | None:
        """Looks at one event."""
        left = number(event, self._field)
        if left is None or left >= self._least:
            return None
        shown = f"{left / GIB:.2f} GiB" if self._field.endswith("_bytes") else f"{left:.1%}"
        return Alert(self.name, event.get("step"), left, self._least, self._text.format(left=shown))


class GpuIdle:
    """The GPU works less than a share of the time, five times in a row: something else is too slow for it.

    Args:
        share: Of the time.
    """

    name = "gpu_idle"
    reads = ("train",)

    def __init__(self, share: float) -> None:
        self._share = share
        self._n_idle = 0

    def see(self, event: Event) -> Alert | None:
        """Looks at one event."""
        used = number(event, "gpu_share")
        self._n_idle = self._n_idle + 1 if used is not None and used < self._share else 0
        if used is None or self._n_idle < IN_A_ROW:
            return None
        text = f"the GPU works {used:.0%} of the time: raise training.per_device_train_batch_size"
        return Alert(self.name, event.get("step"), used, self._share, text)
