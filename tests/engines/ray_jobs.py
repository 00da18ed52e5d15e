"""What the tests have Ray do. `python ray_jobs.py WORK N WORKERS [ADDRESS]` prints each result as a line of JSON.

Every start of an item leaves a file `starts/ITEM-PID`, so that a test sees what was begun, where and how often.
"""

import json
import os
import sys
import time
from pathlib import Path

from sdp.engines.ray import map_work
from sdp.errors import InputError, SdpError


class Shared:
    """Counts how often it comes out of a pickle in one process."""

    unpacked = 0

    def __init__(self, starts: Path) -> None:
        self.starts = starts

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        Shared.unpacked += 1


def begin(shared: Shared, item: int) -> None:
    (shared.starts / f"{item}-{os.getpid()}").touch()


def square(shared, item):
    begin(shared, item)
    sys.stdout.write("noise of a worker\n")
    time.sleep(0.1 * (item % 2))  # the later one is done earlier
    import ray

    return {"square": item**2, "unpacked": Shared.unpacked, "node": ray.get_runtime_context().get_node_id()}


def doze(shared, item):
    begin(shared, item)
    time.sleep(3)
    return item


def sleep(shared, item):
    begin(shared, item)
    time.sleep(600)


def refuse(shared, item):
    if item == 2:
        raise InputError("two", where="here", hint="three")
    return item


def die(shared, item):
    begin(shared, item)
    os.kill(os.getpid(), 9)


def counted(n, taken):
    for item in range(n):
        taken[0] = item + 1
        yield item


def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main(name: str, n: str, workers: str, address: str | None = None) -> None:
    import signal

    import ray_jobs  # by its name: workers know no __main__ of ours

    starts = Path("starts")
    starts.mkdir()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    taken = [0]
    work = getattr(ray_jobs, name)
    shared = ray_jobs.Shared(starts.absolute())
    try:
        for result in map_work(work, shared, counted(int(n), taken), int(workers), address):
            say({"result": result, "taken": taken[0]})
    except SdpError as error:
        say({"kind": type(error).__name__, "what": error.what, "where": error.where, "hint": error.hint})
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(*sys.argv[1:])
