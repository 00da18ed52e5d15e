"""Text files: one line a prediction."""

from collections.abc import Iterator
from pathlib import Path

from sdp.benchmarks.predictions.opened import lines
from sdp.benchmarks.predictions.source import Record, Source

LINE = "line"
"""The one field that a line has."""


def read_text(path: Path) -> Source:
    """Reads a text file; an empty line is an empty prediction.

    Args:
        path: The file.
    """
    return Source(path, _records(path), "text, one line each", prediction=LINE, reference=LINE)


def _records(path: Path) -> Iterator[Record]:
    for number, line in lines(path):
        yield number, {LINE: line.removesuffix("\n").removesuffix("\r")}
