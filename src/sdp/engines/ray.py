"""A Ray cluster, or a Ray of our own on this machine."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sdp.engines.ray_nodes import check_nodes, check_process, versions
from sdp.engines.ray_session import session
from sdp.engines.ray_signals import own_termination
from sdp.errors import ConfigError, ResourceError

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

RETRIES = 3
"""Of an item whose worker or node dies. An item that kills whoever works on it must end some time."""
AHEAD = 4
"""Items per worker that may be done before an earlier one is: their results wait in the object store."""


def map_work(
    work: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Iterable[Item],
    workers: int,
    address: str | None = None,
) -> Iterator[Result]:
    """Does work(shared, item) for every item.

    An item may be worked on more than once, when its worker dies: `work` must be able to start over.

    Args:
        work: A module-level function, of a module that every node can import.
        shared: Goes into the object store once, and into every worker process once.
        items: Picklable; they are taken one by one, as workers become free.
        workers: How many items are worked on at one time. Each takes one CPU of the cluster.
        address: Of a running cluster: ``auto`` (this machine is one of its nodes), ``HOST:PORT`` (the same),
            ``ray://HOST:10001`` (from outside). None starts Ray on this machine, for as long as this takes.

    Yields:
        Results in the order of the items.

    Raises:
        MissingExtra: Ray is not installed.
        ConfigError: The address cannot be understood, or a node has other versions than this process.
        ResourceError: No cluster is there, or an item's worker died again and again.
    """
    if workers < 1:
        raise ConfigError(f"{workers} workers cannot work", hint="--workers 1 or more")
    with session(address, workers) as ray:
        wanted = versions()
        check_nodes(ray, wanted)
        do = ray.remote(num_cpus=1, max_retries=RETRIES)(_do)
        held = [ray.put(shared)]  # in a list, or Ray would unpack it anew for every item
        yield from _in_order(ray, (lambda item: do.remote(held, work, item, wanted)), iter(items), workers)


def _in_order(ray: Any, start: Callable[[Item], Any], items: Iterator[Item], workers: int) -> Iterator[Any]:
    """Keeps `workers` items going, and hands out results in order."""
    begun: deque[Any] = deque()  # not yet handed out
    going: list[Any] = []
    try:
        while True:
            while len(going) < workers and len(begun) < AHEAD * workers:
                try:
                    item = next(items)
                except StopIteration:
                    break
                begun.append(start(item))
                going.append(begun[-1])
            if not begun:
                return
            if begun[0] not in going:
                yield _result(ray, begun.popleft())
                continue
            with own_termination():
                _, going = ray.wait(going, num_returns=1)
    finally:
        for one in going:  # something went wrong: nobody waits for whole shards
            ray.cancel(one, force=True)


def _result(ray: Any, reference: Any) -> Any:
    """Fetches a result, or raises what `work` raised as if it had worked here."""
    try:
        with own_termination():
            return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise (error.cause if isinstance(error.cause, Exception) else error) from error
    except ray.exceptions.RayError as error:
        reason = str(error).strip().partition("\n")[0]
        raise ResourceError(
            f"a Ray worker died, {RETRIES + 1} times on the same item: {reason}",
            hint="fewer --workers per node, or nodes with more memory; the same command goes on from here",
        ) from error


_held: dict[str, Any] = {}
"""In a worker process: what was shared with it last."""


def _do(held: list[Any], work: Callable[[Any, Any], Any], item: Any, wanted: dict[str, str]) -> Any:
    """Does one item, in a worker process."""
    import ray

    (reference,) = held
    if reference.hex() not in _held:
        check_process(wanted)  # of a node that came later
        _held.clear()
        _held[reference.hex()] = ray.get(reference)
    return work(_held[reference.hex()], item)
