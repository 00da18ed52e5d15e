"""What runs out, and a GPU that waits."""

import pytest
from tests.runs.alerts.streams import at, training

from sdp.runs.alerts.monitor import raised_over
from sdp.runs.alerts.resources import GIB, IN_A_ROW, GpuIdle, NearlyFull


@pytest.mark.parametrize(
    ("field", "least", "left", "text"),
    [("disk_left_bytes", GIB, GIB // 2, "0.50 GiB left"), ("memory_left", 0.05, 0.012, "1.2% left")],
)
def test_what_is_left_is_said_in_its_unit(field, least, left, text):
    rule = NearlyFull("it", field, least, "{left} left")
    assert rule.see({"event": "train", "step": 3, field: left}).text == text
    assert rule.see({"event": "train", "step": 3, field: least}) is None
    assert rule.see({"event": "train", "step": 3}) is None


def test_a_gpu_waits_when_it_does_for_long():
    idle = training(lambda i: 5, 40, gpu_share=lambda i: 0.05 if i == 3 or i >= 20 else 0.9)
    (alert,) = raised_over(idle, [GpuIdle(0.3)])
    assert alert.step == at(20 + IN_A_ROW - 1)


def test_no_gpu_waits_for_nobody():
    assert raised_over(training(lambda i: 5, 40, gpu_share=lambda i: None), [GpuIdle(0.3)]) == []
