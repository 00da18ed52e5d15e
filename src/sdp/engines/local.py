"""Processes on this machine."""

import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import Any, TypeVar

from sdp.errors import ResourceError

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

Engine = Callable[[Callable[[Any, Any], Any], Any, Iterable[Any]], Iterator[Any]]
"""Does ``work(shared, item)`` for every item, in order, wherever."""

AHEAD = 2
"""Work items in flight per process: one that is done, one that waits."""


def map_work(
    work: Callable[[Shared, Item], Result], shared: Shared, items: Iterable[Item], workers: int
) -> Iterator[Result]:
    """Does every work item, in the order given.

    Args:
        work: A module-level function (it travels to other processes by name).
        shared: What every item needs; sent once to each process.
        items: Picklable; taken one by one, so they may never end.
        workers: Processes; 1 works here, without any.

    Yields:
        Results in the order of the items.

    Raises:
        ResourceError: A process was ended from outside, by the kernel for want of memory most of the time.
    """
    if workers == 1:
        for item in items:
            yield work(shared, item)
        return
    others = set(active_children())
    packed = pickle.dumps((work, shared))
    waiting: deque[Future[Result]] = deque()
    left = iter(items)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(packed,)) as pool:
        try:
            with _signals_held():
                waiting.extend(pool.submit(_work, item) for item in islice(left, AHEAD * workers))
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(pool.submit(_work, item) for item in islice(left, 1))
                yield result
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


def here(work: Callable[[Shared, Item], Result], shared: Shared, items: Iterable[Item]) -> Iterator[Result]:
    """The engine of one process: this one."""
    return map_work(work, shared, items, 1)


_job: tuple[Callable[[Any, Any], Any], Any] | None = None
"""In a worker process: what to do, and what every item needs."""


def _begin(packed: bytes) -> None:
    """Unpacks the job; leaves Ctrl-C, which a terminal sends to every process, to the one that can say something."""
    global _job  # noqa: PLW0603  (a pool's initializer has no other way to hand something to its work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    Thread(target=_end_with_parent, daemon=True).start()
    _job = pickle.loads(packed)  # noqa: S301  (from the process that started this one)


def _work(item: Any) -> Any:
    if _job is None:
        raise ResourceError("a worker process was given work before its job")
    work, shared = _job
    return work(shared, item)


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
