"""Random numbers that the whole process shares: seen when used, and found in the source."""

import random

import numpy as np
import pytest

from sdp.testing.global_random import culprit, moved_by


def draws():
    return random.random()


def shuffles():
    random.shuffle(list("abc"))


def seeds():
    random.seed(7)


def draws_with_numpy():
    return np.random.rand()  # noqa: NPY002


def has_its_own():
    return random.Random(7).random() + np.random.default_rng(7).random()


@pytest.mark.parametrize(
    ("work", "library"),
    [(draws, "random"), (shuffles, "random"), (seeds, "random"), (draws_with_numpy, "numpy.random")],
)
def test_use_is_seen_and_its_line_found(work, library):
    assert moved_by(work) == [library]
    assert culprit(work) == f"{__file__}:{work.__code__.co_firstlineno + 1}"


def test_numbers_of_one_s_own_are_nobody_s_business():
    assert moved_by(has_its_own) == []
    assert culprit(has_its_own) == ""


def test_watching_leaves_everything_as_it_was():
    before = random.getstate()
    moved_by(shuffles)
    assert random.getstate() == before


def test_what_always_seeds_alike_is_seen_every_time():
    assert moved_by(seeds) == moved_by(seeds) == ["random"]
