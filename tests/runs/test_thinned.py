"""Of very many logged values not more are kept than can be looked at, and nothing that stands out is lost."""

from itertools import pairwise

import pytest

from sdp.runs.thinned import LONGEST, Thinned


def filled(events):
    values = Thinned()
    for event in events:
        values.append(event)
    return values


def train(step, loss=1.0, **fields):
    return {"event": "train", "step": step, "loss": loss} | fields


@pytest.mark.parametrize("n", [5 * LONGEST, 7 * LONGEST + 1001, 33 * LONGEST])
def test_of_very_many_what_stands_out_stays_evenly(n):
    """A spike, a dip, a gradient that exploded, a loss that was no number; and the newest, which say how fast it is."""
    odd = {n // 3: train(n // 3, 99.0), n // 2: train(n // 2, -9.0), n // 4: train(n // 4, None)}
    odd[n // 5] = train(n // 5, grad_norm=1e6)
    values = filled(odd.get(step, train(step, 1.0 + step % 7 / 10)) for step in range(n))
    steps = [event["step"] for event in values]
    assert values.is_thinned
    assert steps == sorted(set(steps))
    assert LONGEST / 8 < len(steps) <= LONGEST
    assert odd.keys() <= set(steps)
    assert steps[-60:] == list(range(n - 60, n))
    assert max(b - a for a, b in pairwise([0, *steps])) < n / 100


@pytest.mark.parametrize("n", [0, 1, 64, 67, 1000, LONGEST // 2])
def test_few_are_all_kept(n):
    values = filled(map(train, range(n)))
    assert [event["step"] for event in values] == list(range(n))
    assert not values.is_thinned


def test_what_does_not_stand_goes():
    values = filled(map(train, range(3 * LONGEST)))
    values.keep(lambda event: event["step"] < LONGEST)
    values.append(train(LONGEST, 7.0))
    steps = [event["step"] for event in values]
    assert max(steps) == steps[-1] == LONGEST
    assert steps == sorted(set(steps))
