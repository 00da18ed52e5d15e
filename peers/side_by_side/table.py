"""Markdown tables of medians and of ratios taken round by round."""

from collections.abc import Iterable, Sequence
from statistics import median


def markdown(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Sets a table under a heading."""
    lines = [f"### {title}", "", f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])


def seconds(values: Sequence[float]) -> str:
    """Gives the median and, of several, the range."""
    middle = f"{median(values):.2f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.2f}–{max(values):.2f})"


def per_second(n_rows: int, values: Sequence[float]) -> str:
    """Gives rows per second at the median time, to three digits."""
    return f"{float(f'{n_rows / median(values):.3g}'):,.0f}"


def times(slow: Sequence[float], fast: Sequence[float]) -> str:
    """Divides round by round, so that a slow minute of the machine hits both; gives the median and the range."""
    ratios = [one / other for one, other in zip(slow, fast, strict=True)]
    middle = f"{median(ratios):.2f}×"
    return middle if len(ratios) == 1 else f"{middle} ({min(ratios):.2f}–{max(ratios):.2f})"


def megabytes(values: Sequence[int]) -> str:
    """Gives the largest, in units of 10^6 bytes."""
    return f"{max(values) / 1e6:,.0f} MB"
