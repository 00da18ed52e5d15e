"""The console script: runs a verb, and turns whatever happens into an exit code."""

import os
import select
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import UnsupportedOperation
from types import FrameType

import typer

from sdp.cli.app import build_group
from sdp.cli.failure import report
from sdp.errors import ExitCode

COMPLETE_VARIABLE = "_SDP_COMPLETE"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs ``sdp``.

    Args:
        argv: The words after ``sdp``; those of the process by default.

    Returns:
        An exit code of `sdp.errors.ExitCode`.
    """
    _let_threads_sleep()
    words = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in words or os.environ.get("SDP_DEBUG", "0") not in {"", "0"}
    if "--verbose" in words:
        os.environ.setdefault("SDP_LOG", "info")  # the processes that training starts shall hear of it, too
    args = [word for word in words if word not in {"--debug", "--verbose"}] or ["--help"]
    try:
        with _terminable():
            _run(args)
            sys.stdout.flush()
    except typer.Exit as done:
        return done.exit_code
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("sdp: interrupted\n")
        return ExitCode.INTERRUPTED
    except BrokenPipeError as error:
        if not _reader_gone():
            return report(error, as_json="--json" in args, debug=debug)
        # The reader, such as head, has had enough. Python would flush once more at exit and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except Exception as error:  # noqa: BLE001  (the last line of defence: everything becomes a message and a code)
        return report(error, as_json="--json" in args, debug=debug)
    return ExitCode.DONE


def _let_threads_sleep() -> None:
    """Makes OpenMP's threads spin only briefly while they wait: on busy cores spinning ones starve each other.

    Examples/s of `sdp finetune` with two threads on two cores, idle / beside one busy process: libgomp's default 383 /
    about 25, this 375 / 190, never spinning 300 / about 150. Read once, when torch is imported.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def _run(args: list[str]) -> None:
    group = build_group()
    if COMPLETE_VARIABLE in os.environ:
        group.main(prog_name="sdp", complete_var=COMPLETE_VARIABLE)  # answers the shell and exits
    with group.make_context("sdp", args) as context:
        group.invoke(context)


@contextmanager
def _terminable() -> Iterator[None]:
    """Lets SIGTERM unwind the stack like Ctrl-C does, so that a run is marked and temporary files go."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        raise SystemExit(int(ExitCode.TERMINATED))

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _reader_gone() -> bool:
    """Asks whether it is stdout that broke; a broken pipe to a worker is a bug, not a reader who left."""
    if not hasattr(select, "poll"):  # Windows
        return True
    try:
        number = sys.stdout.fileno()
    except UnsupportedOperation:  # not a file at all: a caller's buffer
        return False
    poll = select.poll()
    poll.register(number, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
