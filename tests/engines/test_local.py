"""Processes on this machine: results in order, errors as they are, and a dead worker is said."""

import os
import pickle
import signal
import subprocess
import sys
import time
from multiprocessing import parent_process
from pathlib import Path

import psutil
import pytest

from sdp.engines.local import AHEAD, map_work
from sdp.errors import InputError, PluginError, ResourceError


def square(shift, number):
    time.sleep(0.05 * (number % 2))  # the later one is done earlier
    return number**2 + shift


def refuse(shared, number):
    if number == 2:
        raise InputError("two", where="here", hint="three")
    return number


def meet(place):
    """Waits until two processes are here: the quicker one would do all the work alone."""
    Path(place, str(os.getpid())).touch()
    until = time.monotonic() + 60
    while len(list(Path(place).iterdir())) < 2:
        assert time.monotonic() < until, "nobody else came"
        time.sleep(0.01)


def die(place, number):
    meet(place)
    if parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)


def ask_interrupts(place, number):
    meet(place)
    return os.getpid(), signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def same_object(shared, number):
    meet(shared["place"])
    return os.getpid(), id(shared)


class Unpacked:
    """Notes in a file how often it arrives somewhere."""

    def __init__(self, path):
        self.path = path

    def __setstate__(self, state):
        self.__dict__ = state
        with self.path.open("a") as file:
            file.write("x")


def touch(unpacked, number):
    if unpacked.path.parent.name == "two":
        meet(unpacked.path.parent / "place")
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers):
    assert list(map_work(square, 100, range(5), workers)) == [100, 101, 104, 109, 116]
    assert list(map_work(square, 100, [], workers)) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_out_as_it_is(workers):
    with pytest.raises(InputError) as caught:
        list(map_work(refuse, None, range(4), workers))
    assert (caught.value.what, caught.value.where, caught.value.hint) == ("two", "here", "three")


def test_one_worker_works_here_and_only_when_asked():
    results = map_work(refuse, None, iter([0, 1, 2]), 1)
    assert next(results) == 0
    assert next(results) == 1


def test_items_are_taken_as_they_are_needed_and_may_never_end():
    taken = []

    def endless():
        while True:
            taken.append(None)
            yield len(taken)

    results = map_work(square, 0, endless(), 2)
    assert [next(results) for _ in range(3)] == [1, 4, 9]
    assert len(taken) <= 3 + AHEAD * 2
    results.close()


def test_what_is_shared_arrives_once_per_process(tmp_path):
    path = tmp_path / "two" / "arrivals"
    (path.parent / "place").mkdir(parents=True)
    assert list(map_work(touch, Unpacked(path), range(9), 2)) == list(range(9))
    assert path.read_text() == "x"
    assert list(map_work(touch, Unpacked(tmp_path / "none"), range(3), 1)) == [0, 1, 2]
    assert not (tmp_path / "none").exists()


def test_all_items_of_a_process_see_the_same_shared_thing(tmp_path):
    places = set(map_work(same_object, {"place": tmp_path}, range(6), 2))
    assert len(places) == len({pid for pid, _ in places}) == 2
    assert os.getpid() in {pid for pid, _ in places}


def test_what_cannot_travel_is_said_before_any_process_starts():
    with pytest.raises((pickle.PicklingError, AttributeError)):
        list(map_work(lambda shared, item: item, None, range(2), 2))


def test_a_worker_that_is_killed_is_said_with_what_to_do(tmp_path):
    with pytest.raises(ResourceError, match="a worker process ended") as caught:
        list(map_work(die, tmp_path, range(9), 2))
    assert "--workers" in caught.value.hint


def test_interrupts_are_left_to_the_main_process(tmp_path):
    for pid, ignored in map_work(ask_interrupts, tmp_path, range(4), 2):
        assert ignored == (pid != os.getpid())
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def wait_long(place, number):
    meet(place)
    time.sleep(60 if parent_process() else 0)
    return number


def test_workers_are_ended_when_the_caller_gives_up(tmp_path):
    results = map_work(wait_long, tmp_path, range(4), 2)
    assert next(results) == 0
    results.close()
    workers = {int(path.name) for path in tmp_path.iterdir()} - {os.getpid()}
    assert workers
    assert not [pid for pid in workers if psutil.pid_exists(pid)]


def failing_items():
    yield 0
    yield 1
    raise InputError("no third item")


@pytest.mark.parametrize("workers", [1, 2])
def test_items_that_fail_are_an_error_in_their_turn(workers):
    results, found = map_work(square, 0, failing_items(), workers), []
    with pytest.raises(InputError, match="no third item"):
        found.extend(results)
    assert found == [0, 1]


def test_more_processes_than_items_do_no_harm():
    assert list(map_work(square, 0, [3], 3)) == [9]


class UnreadableError(Exception):
    def __init__(self, what, why):
        super().__init__(f"{what} {why}")


def leave(place, number):
    meet(place)
    if parent_process() is not None:
        sys.exit("no licence")
    return number


def fail_oddly(place, number):
    meet(place)
    if parent_process() is not None:
        raise UnreadableError("odd", "thing")
    return number


def test_work_that_ends_its_process_is_an_error_and_nobody_waits_for_it(tmp_path):
    with pytest.raises(PluginError, match="no licence"):
        list(map_work(leave, tmp_path, range(9), 2))


def test_an_error_that_cannot_travel_is_no_dead_worker(tmp_path):
    with pytest.raises(RuntimeError, match="UnreadableError: odd thing"):
        list(map_work(fail_oddly, tmp_path, range(9), 2))


def sleep_long(place, number):
    time.sleep(600)


@pytest.mark.parametrize("after", [0, 0.002, 0.005, 0.01, 0.05, 0.3])
def test_giving_up_at_any_moment_ends_the_others(tmp_path, after):
    """Also those that are just being started: the pool would wait for their work."""
    code = (
        "import os, signal, sys, threading\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from sdp.engines.local import map_work\n"
        "from tests.engines.test_local import sleep_long\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        f"        threading.Timer({after}, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "        list(map_work(sleep_long, None, range(6), 3))\n"
        "    except KeyboardInterrupt:\n"
        "        print('given up')\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.startswith("given up"), done.stderr
