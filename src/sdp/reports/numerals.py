"""How numbers of a report are written: one way, in the terminal and in HTML.

Shares (0..1) are shown as percent, differences of shares as points. What is not defined says so.
"""

import math
from typing import TypeGuard

NOT_DEFINED = "–"
SMALLEST_P = 1e-6
"""Below this a p-value is an order of magnitude and nothing more."""
SMALL_P = 1e-3
"""Below this it is written with a power of ten."""
LARGE = 10_000
"""From here on a number is written with a power of ten (the perplexity of a model that knows nothing, say)."""


def _known(value: float | None) -> TypeGuard[float]:
    return value is not None and not math.isnan(value)


def percent(share: float | None, digits: int = 1) -> str:
    """Writes a share as percent, without the sign: the column's head has it."""
    return f"{100 * share:.{digits}f}" if _known(share) else NOT_DEFINED


def decimal(value: float | None, digits: int = 2) -> str:
    """Writes a plain number; a large one in short."""
    if not _known(value):
        return NOT_DEFINED
    return f"{value:.{digits}f}" if abs(value) < LARGE else f"{value:.1e}"


def points(difference: float | None) -> str:
    """Writes a difference of two shares in points, with its sign."""
    if not _known(difference):
        return NOT_DEFINED
    text = f"{100 * difference:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


def percent_range(low: float | None, high: float | None) -> str:
    """Writes an interval of a share: ``42.1–48.3``."""
    return f"{percent(low)}–{percent(high)}" if _known(low) and _known(high) else NOT_DEFINED


def points_range(low: float | None, high: float | None) -> str:
    """Writes an interval of a difference: ``+1.2 to +3.4``; a dash would read as a minus."""
    return f"{points(low)} to {points(high)}" if _known(low) and _known(high) else NOT_DEFINED


def p_value(p: float | None) -> str:
    """Writes a p-value with two significant digits, down to 0.000001."""
    if not _known(p):
        return NOT_DEFINED
    if p < SMALLEST_P:
        return "< 1e-6"
    return f"{p:.1e}" if p < SMALL_P else f"{p:.2g}"


def count(n: int | None) -> str:
    """Writes a count with thousands apart."""
    return NOT_DEFINED if n is None else f"{n:,}"
