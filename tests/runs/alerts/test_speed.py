"""Gradients and speed against what was usual."""

import pytest
from tests.runs.alerts.streams import at, training

from sdp.runs.alerts.monitor import raised_over
from sdp.runs.alerts.speed import IN_A_ROW, ExplodingGradient, Throughput


def steps(events, rule):
    return [alert.step for alert in raised_over(events, [rule])]


def norms(*values):
    usual = [1.0] * 20
    listed = [*usual, *values]
    return training(lambda i: 5 - i / 50, len(listed), grad_norm=lambda i: listed[i])


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ((50.0, 1.0, 50.0, 1.0), False),
        ((50.0, 50.0), True),
        ((150.0,), True),
        ((9.0,) * 5, False),
        ((None, 50.0), False),
    ],
)
def test_twice_in_a_row_or_once_beyond_all_bounds(values, raised):
    assert bool(steps(norms(*values), ExplodingGradient(10.0))) is raised


def test_what_grows_does_not_become_usual():
    """Norms that double with every log are still strange after many."""
    alerts = steps(norms(*(2.0**i for i in range(20))), ExplodingGradient(10.0))
    assert alerts == [at(20 + 5)]


def test_small_norms_harm_nobody():
    tiny = training(lambda i: 1.0, 40, grad_norm=lambda i: 1e-6 if i < 30 else 0.5)
    assert steps(tiny, ExplodingGradient(10.0, harmless=1.0)) == []
    tiny = training(lambda i: 1.0, 40, grad_norm=lambda i: 1e-6 if i < 30 else 0.5)
    assert steps(tiny, ExplodingGradient(10.0, harmless=0.1)) == [at(31)]


def test_slowness_counts_when_it_lasts():
    def speed(n_slow):
        return lambda i: 1_000.0 if 20 <= i < 20 + n_slow else 10_000.0

    assert steps(training(lambda i: 5, 40, tokens_per_s=speed(IN_A_ROW - 1)), Throughput(0.5)) == []
    assert steps(training(lambda i: 5, 40, tokens_per_s=speed(IN_A_ROW)), Throughput(0.5)) == [at(20 + IN_A_ROW - 1)]


def test_another_machine_is_another_speed():
    """A resumed run starts anew: half as fast is usual there."""
    fast = training(lambda i: 5, 30, tokens_per_s=lambda i: 10_000)
    slow = training(lambda i: 5, 30, tokens_per_s=lambda i: 1_000)
    assert steps([*fast, {"event": "status", "status": "running"}, *slow], Throughput(0.5)) == []
