"""Processes on this machine."""

import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
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
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ignore_interrupts) as pool:
        try:
            with _interrupts_held():
                results = pool.map(work, items)
            yield from results
        except BrokenProcessPool as error:
            raise ResourceError(
                "a worker process ended before its work was done",
                hint="fewer --workers need less memory; the same command goes on from here",
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - others:  # nobody who presses Ctrl-C wants to wait for whole shards
                process.terminate()
            raise


def _ignore_interrupts() -> None:
    """Leaves Ctrl-C, which a terminal sends to every process, to the one that can say something about it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Lets Ctrl-C wait until the processes are started.

    In their first moments, before `_ignore_interrupts`, each one would die of it with a traceback; they inherit the
    mask.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
