"""Processes on this machine: results in order, errors as they are, and a dead worker is said."""

import os
import signal
import time

import pytest

from sdp.engines.local import map_work
from sdp.errors import InputError, ResourceError


def square(number):
    time.sleep(0.05 * (number % 2))  # the later one is done earlier
    return number**2


def refuse(number):
    if number == 2:
        raise InputError("two", where="here", hint="three")
    return number


def die(number):
    os.kill(os.getpid(), signal.SIGKILL)


def ask_interrupts(number):
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers):
    assert list(map_work(square, range(5), workers)) == [0, 1, 4, 9, 16]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_out_as_it_is(workers):
    with pytest.raises(InputError) as caught:
        list(map_work(refuse, range(4), workers))
    assert (caught.value.what, caught.value.where, caught.value.hint) == ("two", "here", "three")


def test_one_worker_works_here_and_only_when_asked():
    results = map_work(refuse, iter([0, 1, 2]), 1)
    assert next(results) == 0
    assert next(results) == 1


def test_a_worker_that_is_killed_is_said_with_what_to_do():
    with pytest.raises(ResourceError, match="a worker process ended") as caught:
        list(map_work(die, [1], 2))
    assert "--workers" in caught.value.hint


def test_interrupts_are_left_to_the_main_process():
    assert list(map_work(ask_interrupts, [1], 2)) == [True]
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
