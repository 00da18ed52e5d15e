"""Processes on this machine."""

import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Condition, Thread
from typing import Any, Generic, TypeVar

from sdp.errors import PluginError, ResourceError

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

Engine = Callable[[Callable[[Any, Any], Any], Any, Iterable[Any]], Iterator[Any]]
"""Does ``work(shared, item)`` for every item, in order, wherever."""

AHEAD = 4
"""Results per process that may lie ready before the one that is next."""


def map_work(
    work: Callable[[Shared, Item], Result], shared: Shared, items: Iterable[Item], workers: int
) -> Iterator[Result]:
    """Does every work item, in the order given.

    Args:
        work: A module-level function (it travels to other processes by name).
        shared: What every item needs; sent once to each process.
        items: Picklable; taken one by one, so they may never end.
        workers: Processes, this one among them: it begins at once, while the others still start.

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
    desk = _Desk[Item, Result](items, AHEAD * workers)
    context = get_context("spawn")
    with ProcessPoolExecutor(workers - 1, mp_context=context, initializer=_begin, initargs=(packed,)) as pool:
        hands = [Thread(target=desk.send_to, args=(pool,), daemon=True) for _ in range(workers - 1)]
        try:
            first = desk.take()
            with _signals_held():
                for hand in hands:
                    hand.start()
            yield from desk.work_here(first, lambda item: work(shared, item))
        except BrokenProcessPool as error:
            raise ResourceError(
                "a worker process ended before its work was done",
                hint="fewer --workers need less memory; the same command goes on from here",
            ) from error
        except BaseException:
            # Nobody who presses Ctrl-C wants to wait for whole shards. Nothing is cancelled (as Executor.map would do):
            # up to Python 3.12 a pool whose processes are gone stumbles over cancelled futures, with a traceback.
            desk.close()
            _end(hands, others)
            raise
        finally:
            desk.close()


def _end(hands: list[Thread], others: set[Any]) -> None:
    """Ends all processes but `others`, also those that are just being started."""
    while True:
        for process in set(active_children()) - others:
            process.terminate()
        busy = next((hand for hand in hands if hand.is_alive()), None)
        if busy is None:
            return
        busy.join(0.05)


Job = tuple[int, Item]
"""An item and its number."""


class _Desk(Generic[Item, Result]):
    """Hands out items to whoever is free, and puts results back into order.

    Args:
        items: The work.
        ahead: How many items may be handed out beyond the result that is next.
    """

    def __init__(self, items: Iterable[Item], ahead: int) -> None:
        self._left = iter(items)
        self._ahead = ahead
        self._changed = Condition()
        self._results: dict[int, Future[Result]] = {}
        self._n_taken = self._n_given = 0
        self._is_closed = False

    def close(self) -> None:
        """Hands out nothing more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def take(self) -> Job[Item] | None:
        """Takes the next item; None if there is none, or none for now."""
        with self._changed:
            if self._is_closed or self._is_far_ahead():
                return None
            number = self._n_taken
            try:
                item = next(self._left)
            except StopIteration:
                self.close()
                return None
            except Exception as error:  # noqa: BLE001  (raised again where its turn comes)
                self._n_taken += 1
                self.close()
                self._put(number, error)
                return None
            self._n_taken += 1
            return number, item

    def _is_far_ahead(self) -> bool:
        return self._n_taken - self._n_given >= self._ahead

    def send_to(self, pool: ProcessPoolExecutor) -> None:
        """Keeps one process busy, in a thread of its own."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closed or not self._is_far_ahead())
            job = self.take()
            if job is None and self._is_closed:
                return
            if job is not None:
                self._do(job, lambda item: pool.submit(_work, item).result(), BaseException)

    def work_here(self, job: Job[Item] | None, work: Callable[[Item], Result]) -> Iterator[Result]:
        """Works as long as the next result is not there, and yields them in order.

        Args:
            job: The first to be done.
            work: Does an item in this process.
        """
        while True:
            wait = job is None
            if job is not None:
                self._do(job, work)
            while (result := self._next(wait=wait)) is not None:
                yield result.result()
                wait = False
            if self._is_closed and self._n_given == self._n_taken:
                return
            job = self.take()

    def _do(self, job: Job[Item], work: Callable[[Item], Result], kept: type[BaseException] = Exception) -> None:
        """Does an item; what is `kept` of its exceptions is raised again where its turn comes."""
        number, item = job
        try:
            result = work(item)
        except kept as error:
            self._put(number, error)
        else:
            self._put(number, result)

    def _put(self, number: int, result: Result | BaseException) -> None:
        done: Future[Result] = Future()
        if isinstance(result, BaseException):
            done.set_exception(result)
        else:
            done.set_result(result)
        with self._changed:
            self._results[number] = done
            self._changed.notify_all()

    def _next(self, *, wait: bool) -> Future[Result] | None:
        """Gives the next result; None if it is not there yet, or, after waiting, if there is none."""
        with self._changed:
            if wait:
                self._changed.wait_for(self._is_next_there_or_none)
            if self._n_given not in self._results:
                return None
            self._n_given += 1
            self._changed.notify_all()
            return self._results.pop(self._n_given - 1)

    def _is_next_there_or_none(self) -> bool:
        return self._n_given in self._results or (self._is_closed and self._n_given == self._n_taken)


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
    try:
        return work(shared, item)
    except SystemExit as error:
        raise PluginError(f"the work ended its own process: sys.exit({error.code!r})") from error
    except Exception as error:
        if _travels(error):
            raise
        raise RuntimeError(f"{type(error).__name__}: {error}") from None


def _travels(error: Exception) -> bool:
    """Tells whether the process that leads can read this error; one that it cannot would look like a dead worker."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  (made here)
    except Exception:  # noqa: BLE001  (whatever foreign code raises there)
        return False
    return True


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
