"""Processes on this machine."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

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
    """
    if workers == 1:
        yield from map(work, items)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(work, items)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
