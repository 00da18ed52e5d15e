"""Rows in the terminal, as wide as it is: one line each where there is room, else two."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from sdp.contract.rows import Row
from sdp.contract.schema import HELD_OUT
from sdp.data.visible import visible

WIDE = 130
"""From this many columns on, a row takes one line."""
MARK = "◆"
LINE_END = "⏎"
GAP = 2
"""Columns of the terminal between two of the table."""
COLOURS = {"train": "cyan", "validation": "yellow", "test": "magenta"}


class RowTable:
    """Shows split, key, prompt, answer and what the question is about; what does not fit ends in ….

    Args:
        rows: As they are to be shown.
        key: What the key is called.
    """

    def __init__(self, rows: Sequence[Row], key: str = "word") -> None:
        self._rows = rows
        self._key = key
        self._traced = any(row.completion != row.answer for row in rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Chooses the form by the width."""
        yield self._wide(options.max_width) if options.max_width >= WIDE else self._narrow(options.max_width)
        if any(row.meta.get(HELD_OUT) for row in self._rows):
            yield Text(f"{MARK} this phrasing is held out of training", style="dim")

    def _wide(self, width: int) -> Table:
        columns = {
            "split": [_split(row) for row in self._rows],
            "": [_mark(row) for row in self._rows],
            self._key: [_line(row.key) for row in self._rows],
            "prompt": [_line(row.prompt) for row in self._rows],
            "answer": [_line(row.answer, "bold") for row in self._rows],
            "trained on": [_line(row.completion) for row in self._rows] if self._traced else [],
            "about": [_line(about(row), "dim") for row in self._rows],
        }
        return _table(columns, width, {"about": 20, "trained on": 20, "answer": 16, self._key: 12, "prompt": 10})

    def _narrow(self, width: int) -> Table:
        columns = {
            self._key: [_two(_line(row.key), Text.assemble(_split(row), " ", _mark(row))) for row in self._rows],
            "prompt": [_two(_line(row.prompt), _line(about(row), "dim")) for row in self._rows],
            "answer": [_two(_line(row.answer, "bold"), _trained(row)) for row in self._rows],
        }
        return _table(columns, width, {"answer": 16, self._key: 12, "prompt": 10})


def _table(columns: Mapping[str, list[Text]], width: int, least: Mapping[str, int]) -> Table:
    """Sets columns side by side; those in `least`, in its order, give up what is too much."""
    filled = {head: cells for head, cells in columns.items() if cells}
    widths = {head: max(cell_len(head), *(measure(cell) for cell in cells)) for head, cells in filled.items()}
    too_much = sum(widths.values()) + GAP * (len(widths) - 1) - width
    for head in (name for name in least if name in widths):
        given = max(0, min(too_much, widths[head] - least[head]))
        widths[head] -= given
        too_much -= given
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for head, n_cells in widths.items():
        table.add_column(head, width=n_cells)
    for cells in zip(*filled.values(), strict=True):
        table.add_row(*cells)
    return table


def measure(text: Text) -> int:
    """Counts the columns of the terminal that a text's longest line takes."""
    return max(cell_len(line) for line in text.plain.split("\n"))


def about(row: Row) -> str:
    """Says what the question is about: ``ordinal third, position 3, from end``. What does not apply is left out."""
    said = []
    for name, value in row.meta.items():
        if name == HELD_OUT or value is None or value is False:
            continue
        shown = name.replace("_", " ")
        said.append(shown if value is True else f"{shown} {value}")
    return ", ".join(said)


def _line(text: str, style: str = "") -> Text:
    return Text(visible(text.replace("\n", f" {LINE_END} ")), style, no_wrap=True, overflow="ellipsis")


def _trained(row: Row) -> Text:
    return _line(row.completion if row.completion != row.answer else "", "dim")


def _two(first: Text, second: Text) -> Text:
    both = Text("\n", no_wrap=True, overflow="ellipsis").join([first, second])
    both.no_wrap, both.overflow = True, "ellipsis"
    return both


def _split(row: Row) -> Text:
    return Text(row.split, COLOURS[row.split], no_wrap=True)


def _mark(row: Row) -> Text:
    return Text(MARK if row.meta.get(HELD_OUT) else "", "bold")
