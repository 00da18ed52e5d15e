"""Markdown for any text: nothing that a row holds can break a table, a code span or a fenced block."""

import re
from collections.abc import Iterable, Sequence

from sdp.data.visible import visible


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Writes a table; cells are Markdown already."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def code(text: str) -> str:
    """Writes a text as a code span, also inside a table's cell."""
    text = visible(text).replace("|", "\\|")
    ticks = _longest_run(text)
    fence = "`" * (ticks + 1)
    # One space on either side is not shown; it keeps backticks apart from the fence, and the text's own spaces.
    return f"{fence} {text} {fence}" if ticks or text != text.strip() else f"{fence}{text}{fence}"


def fenced(text: str) -> list[str]:
    """Writes a text as a fenced block, which may itself hold fenced blocks."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}text", *text.split("\n"), fence]


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
