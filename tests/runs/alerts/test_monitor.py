"""All rules together: a healthy run raises nothing, a sick one what ails it, once."""

import math
from collections import Counter

import pytest
from tests.runs.alerts.streams import HEALTHY, at, training

from sdp.recipes.schema import Monitor as Settings
from sdp.runs.alerts.monitor import QUIET, Limits, Monitor, raised_over, rules


def names(events, limits=None):
    return [alert.alert for alert in raised_over(events, rules(limits or Limits()))]


@pytest.mark.parametrize("shape", HEALTHY)
@pytest.mark.parametrize("n", [12, 30, 100, 200])
def test_a_healthy_noisy_run_raises_nothing(shape, n):
    raised = Counter()
    for seed in range(12):
        for noise in (0.0, 0.05, 0.25):
            schedule = "linear" if seed % 2 else "constant"
            raised.update(names(training(HEALTHY[shape](n), n, noise=noise, seed=seed, schedule=schedule)))
    assert not raised


SICK = {
    "not_finite": {"loss": lambda i: None if i >= 50 else 3.0 - i / 100},
    "divergence": {"loss": lambda i: 5 * math.exp(-i / 10) if i < 50 else 0.1 * (i - 50)},
    "exploding_gradient": {"grad_norm": lambda i: 1.0 if i < 50 else 200.0},
    "throughput": {"tokens_per_s": lambda i: 9_000 if i < 50 else 2_000},
    "disk": {"disk_left_bytes": lambda i: 2**34 - i * 2**28},
    "memory": {"memory_left": lambda i: max(0.5 - i / 100, 0.0)},
    "gpu_memory": {"gpu_memory_left": lambda i: max(0.5 - i / 100, 0.0)},
    "gpu_idle": {"gpu_share": lambda i: 0.9 if i < 50 else 0.05},
}


def sick(name, schedule="linear"):
    fields = {field: value for field, value in SICK.get(name, {}).items() if field != "loss"}
    losses = [SICK.get(name, {}).get("loss", lambda i: 7 - 3 * i / 120)(i) for i in range(120)]
    events = training(lambda i: losses[i] or 1.0, noise=0.02, schedule=schedule, **fields)
    return [event | ({"loss": None} if losses[place] is None else {}) for place, event in enumerate(events)]


@pytest.mark.parametrize("name", SICK)
def test_each_illness_is_found_and_nothing_else(name):
    """The loss falls all along, so that nothing but the one field is strange."""
    assert names(sick(name)) == [name]


def test_a_plateau_is_found_and_nothing_else():
    flat = training(lambda i: 2 + 5 * math.exp(-i / 8), 200, noise=0.005, schedule="constant")
    assert set(names(flat)) == {"plateau"}


@pytest.mark.parametrize("name", sorted({*SICK, "plateau"} - {"not_finite"}))
def test_every_limit_can_be_turned_off(name):
    settings = {**Settings().model_dump(exclude={"webhook"}), name: 0}
    loud = training(lambda i: 2.0, noise=0.001, schedule="constant") if name == "plateau" else sick(name)
    assert names(loud, Limits(**settings)) == []


def test_limits_are_the_recipe_s():
    assert Limits(**Settings().model_dump(exclude={"webhook"})) == Limits()


def test_what_hovers_about_a_limit_is_said_once():
    hovering = training(lambda i: 7 - i / 60, memory_left=lambda i: 0.049 if i % 3 else 0.051)
    assert names(hovering) == ["memory"]


def test_what_comes_back_is_said_again():
    twice = training(lambda i: 7 - i / 60, memory_left=lambda i: 0.01 if i in (20, 20 + QUIET + 1) else 0.5)
    alerts = raised_over(twice, rules(Limits()))
    assert [alert.step for alert in alerts] == [at(20), at(20 + QUIET + 1)]


def test_an_alert_says_what_where_and_what_to_do():
    (alert,) = raised_over(training(lambda i: 7 - i / 60, memory_left=lambda i: 0.01), rules(Limits()))
    assert (alert.step, alert.value, alert.limit) == (at(0), 0.01, 0.05)
    assert alert.text == "1.0% of the memory is left: lower training.per_device_train_batch_size, or end other programs"


def test_foreign_events_are_passed_over():
    monitor = Monitor(rules(Limits()))
    for event in ({"event": "trained"}, {"event": "checkpoint", "step": 3}, {}, {"event": "train", "step": 1}):
        assert monitor.see(event) == []
