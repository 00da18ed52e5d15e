"""Progress on stderr: bars on a terminal, now and then a line elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from sdp.progress import SILENT, Bar, Progress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichBars
    from rich.progress import TaskID

LINE_EVERY_S = 10.0
"""How often a log file gets a line: often enough to see life, seldom enough to read."""


def open_progress(quiet: bool) -> Progress:
    """Chooses how a verb shows where it is.

    Args:
        quiet: Show nothing.

    Returns:
        Bars where stderr is a terminal, plain lines where it is not.
    """
    if quiet:
        return SILENT
    return TerminalProgress() if sys.stderr.isatty() else LineProgress(sys.stderr)


class LineProgress:
    """Writes a line per bar every `LINE_EVERY_S` seconds, and nothing for what is faster than that."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._clock = clock

    def bar(self, label: str, total: float, unit: str = "") -> AbstractContextManager[Bar]:
        """Opens a bar that runs to `total`."""
        return self._open(label, total, unit)

    def note(self, text: str) -> None:
        """Says something once."""
        print(text, file=self._stream, flush=True)

    @contextmanager
    def _open(self, label: str, total: float, unit: str) -> Iterator[Bar]:
        bar = _LineBar(self, f"{label}: ", total, f" {unit}" if unit else "", self._clock)
        yield bar
        bar.close()


class _LineBar:
    def __init__(self, lines: LineProgress, label: str, total: float, unit: str, clock: Callable[[], float]) -> None:
        self._lines = lines
        self._label = label
        self._total = total
        self._unit = unit
        self._clock = clock
        self._done = 0.0
        self._text = ""
        self._start = self._last = clock()
        self._spoke = False

    def advance(self, n: float = 1) -> None:
        self._done += n
        if self._clock() - self._last >= LINE_EVERY_S:
            self._last = self._clock()
            self._say(self._text)

    def note(self, text: str) -> None:
        self._text = text

    def close(self) -> None:
        if self._spoke:
            self._say(f"done in {self._clock() - self._start:.0f} s")

    def _say(self, text: str) -> None:
        self._spoke = True
        of = f" of {self._total:,.0f}" if self._total else ""
        share = f" ({self._done / self._total:.0%})" if self._total else ""
        tail = f"  {text}" if text else ""
        self._lines.note(f"{self._label}{self._done:,.0f}{of}{self._unit}{share}{tail}")


class TerminalProgress:
    """Draws bars with rich; they vanish when done, notes stay."""

    def __init__(self, console: "Console | None" = None) -> None:
        from rich.console import Console

        self._console = console or Console(stderr=True, highlight=False)
        self._bars: RichBars | None = None
        self._open_bars = 0

    def bar(self, label: str, total: float, unit: str = "") -> AbstractContextManager[Bar]:
        """Opens a bar that runs to `total`."""
        return self._open(label, total, unit)

    def note(self, text: str) -> None:
        """Says something once."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def _open(self, label: str, total: float, unit: str) -> Iterator[Bar]:
        # One live display for all bars: rich refuses a second one inside the first.
        if self._bars is None:
            self._bars = _rich_bars(self._console)
            self._bars.start()
        self._open_bars += 1
        of = f"/{total:,.0f}" if total else ""
        task = self._bars.add_task(label, total=total or None, unit=unit, text="", of=of)
        try:
            yield _RichBar(self._bars, task)
        finally:
            self._bars.remove_task(task)
            self._open_bars -= 1
            if not self._open_bars:
                self._bars.stop()
                self._bars = None


class _RichBar:
    def __init__(self, bars: "RichBars", task: "TaskID") -> None:
        self._bars = bars
        self._task = task

    def advance(self, n: float = 1) -> None:
        self._bars.advance(self._task, n)

    def note(self, text: str) -> None:
        self._bars.update(self._task, text=text)


def _rich_bars(console: "Console") -> "RichBars":
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichBars

    return RichBars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,.0f}{task.fields[of]} {task.fields[unit]}", markup=False),
        TimeRemainingColumn(),
        TextColumn("{task.fields[text]}", markup=False),
        console=console,
        transient=True,
    )
