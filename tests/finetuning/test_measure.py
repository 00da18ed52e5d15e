from hypothesis import given
from hypothesis import strategies as st

from sdp.finetuning.measure import examples_at, peak_memory_bytes


@given(st.integers(0, 60), st.integers(1, 40), st.integers(1, 9), st.integers(1, 4))
def test_examples_are_counted_as_the_loop_sees_them(step: int, n: int, batch_size: int, accumulation: int) -> None:
    seen, steps = 0, 0
    while steps < step:
        batches = [min(batch_size, n - first) for first in range(0, n, batch_size)]
        for first in range(0, len(batches), accumulation):
            if steps == step:
                break
            seen += sum(batches[first : first + accumulation])
            steps += 1
    assert examples_at(step, n, batch_size, accumulation) == seen


def test_memory_is_measured_in_bytes() -> None:
    assert 2**24 < peak_memory_bytes("cpu") < 2**40
