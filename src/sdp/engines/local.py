"""Processes on this machine."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import TypeVar

from sdp.errors import ResourceError

WorkItem = TypeVar("WorkItem")
Result = TypeVar("Result")


def map_work(work: Callable[[WorkItem], Result], items: Iterable[WorkItem], workers: int) -> Iterator[Result]:
    """Does every work item, in the order given.

    Args:
        work: A module-level function (it travels to other processes by name).
        items: Picklable.
        workers: Processes; 1 works here, without any.

    Yields:
        Results in the order of the items.

    Raises:
        ResourceError: A process was ended from outside, by the kernel for want of memory most of the time.
    """
    if workers == 1:
        yield from map(work, items)
        return
    others = set(active_children())
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin) as pool:
        try:
            with _signals_held():
                futures = [pool.submit(work, item) for item in items]
            for future in futures:
                yield future.result()
        except BrokenProcessPool as error:
            raise ResourceError(
                "a worker process ended before its work was done",
                hint="fewer --workers need less memory; the same command goes on from here",
            ) from error
        except BaseException:
            # Nobody who presses Ctrl-C wants to wait for whole shards. Nothing is cancelled (as Executor.map would do):
            # up to Python 3.12 a pool whose processes are gone stumbles over cancelled futures, with a traceback.
            for process in set(active_children()) - others:
                process.terminate()
            raise


def _begin() -> None:
    """Leaves Ctrl-C, which a terminal sends to every process, to the one that can say something about it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when the one that started it was killed; it would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Lets Ctrl-C and termination wait until the processes are started.

    Half-started ones would die of it with a traceback. They inherit the mask, and take it off in `_begin`.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
