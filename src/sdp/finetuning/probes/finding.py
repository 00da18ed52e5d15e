"""What a probe found."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "FAILED", "not judged"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict of one probe."""

    probe: str
    verdict: Verdict
    text: str
    """What was seen, with numbers."""
    hint: str | None = None
    """What to do where it failed."""


def close_enough(measured: float, wanted: float, tolerance: float, scale: float | None = None) -> bool:
    """Tells whether two numbers agree.

    Args:
        measured: What training computes.
        wanted: What it must be.
        tolerance: Relative.
        scale: What the difference is relative to; `wanted` if not given.
    """
    return abs(measured - wanted) <= tolerance * abs(wanted if scale is None else scale)
