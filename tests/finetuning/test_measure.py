from itertools import cycle, islice

from hypothesis import given
from hypothesis import strategies as st

from sdp.finetuning.measure import examples_at, peak_memory_bytes


@given(st.integers(0, 60), st.integers(1, 40), st.integers(1, 36))
def test_examples_are_counted_as_the_loop_sees_them(step: int, n: int, per_step: int) -> None:
    epoch = [min(per_step, n - first) for first in range(0, n, per_step)]
    assert examples_at(step, n, per_step) == sum(islice(cycle(epoch), step))


def test_memory_is_measured_in_bytes() -> None:
    assert 2**24 < peak_memory_bytes("cpu") < 2**40
