"""Bars on a terminal, now and then a line elsewhere, and nothing when quiet."""

import io
import sys

import pytest
from rich.console import Console

from sdp.cli.progress import LINE_EVERY_S, LineProgress, TerminalProgress, open_progress
from sdp.progress import SILENT


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stream():
    return io.StringIO()


def test_fast_work_says_nothing(stream, clock):
    with LineProgress(stream, clock).bar("rows", 10) as bar:
        for _ in range(10):
            bar.advance()
    assert stream.getvalue() == ""


def test_slow_work_says_where_it_is(stream, clock):
    with LineProgress(stream, clock).bar("train", 2000, unit="steps") as bar:
        bar.note("loss 0.5")
        for _ in range(4):
            clock.now += LINE_EVERY_S / 2
            bar.advance(500)
    assert stream.getvalue().splitlines() == [
        "train: 1,000 of 2,000 steps (50%)  loss 0.5",
        "train: 2,000 of 2,000 steps (100%)  loss 0.5",
        "train: 2,000 of 2,000 steps (100%)  done in 20 s",
    ]


def test_an_unknown_total_has_no_share(stream, clock):
    with LineProgress(stream, clock).bar("wait", 0) as bar:
        clock.now += LINE_EVERY_S
        bar.advance(3)
    assert "%" not in stream.getvalue()


def test_what_fails_is_not_called_done(stream, clock):
    def _work():
        with LineProgress(stream, clock).bar("rows", 10) as bar:
            clock.now += LINE_EVERY_S
            bar.advance()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        _work()
    assert "done" not in stream.getvalue()


def test_bars_nest_on_a_terminal_and_notes_stay(stream):
    progress = TerminalProgress(Console(file=stream, force_terminal=True, width=120))
    with progress.bar("[outer]", 10, unit="rows") as outer:
        with progress.bar("inner", 5) as inner:
            inner.advance(5)
            inner.note("[x] 1")
        outer.advance(10)
        progress.note("a [note]")
    shown = stream.getvalue()
    assert "[outer]" in shown
    assert "a [note]" in shown
    with progress.bar("again", 1) as bar:
        bar.advance()


def test_a_bar_is_taken_away_when_work_fails(stream):
    progress = TerminalProgress(Console(file=stream, force_terminal=True, width=120))
    with pytest.raises(RuntimeError), progress.bar("rows", 10):
        raise RuntimeError
    with progress.bar("again", 1):
        pass


def test_the_choice(monkeypatch):
    assert open_progress(quiet=True) is SILENT
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    assert isinstance(open_progress(quiet=False), LineProgress)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert isinstance(open_progress(quiet=False), TerminalProgress)
