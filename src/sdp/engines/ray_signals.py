"""Ending on SIGTERM as this process wants to, although Ray is in between."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType


@contextmanager
def own_termination() -> Iterator[None]:
    """Lets SIGTERM do here what it does elsewhere in this process.

    `ray.init` puts a handler of its own in place, which exits with 15. While Ray waits, it turns whatever a handler
    raises into an exit with 1, or swallows it; only Ctrl-C gets through. So SIGTERM comes as Ctrl-C, and is raised anew
    on this side.
    """
    if current_thread() is not main_thread():
        yield
        return
    asked = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        del frame
        asked.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as error:
        signal.signal(signal.SIGTERM, before)
        if asked or isinstance(error, SystemExit):
            signal.raise_signal(signal.SIGTERM)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
