"""How long work says where it is, without knowing who looks."""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Bar(Protocol):
    """One line of progress."""

    def advance(self, n: float = 1) -> None:
        """Moves on by `n` units."""

    def note(self, text: str) -> None:
        """Shows a short text beside the bar, such as a loss."""


class Progress(Protocol):
    """Shows bars and notes: the terminal's, a test's, or none."""

    def bar(self, label: str, total: float, unit: str = "") -> AbstractContextManager[Bar]:
        """Opens a bar that runs to `total`, 0 where nobody knows."""

    def note(self, text: str) -> None:
        """Says something once."""


class _SilentBar:
    def advance(self, n: float = 1) -> None:
        del n

    def note(self, text: str) -> None:
        del text


class _Silent:
    def bar(self, label: str, total: float, unit: str = "") -> AbstractContextManager[Bar]:
        del label, total, unit
        return nullcontext(_SilentBar())

    def note(self, text: str) -> None:
        del text


SILENT: Progress = _Silent()
