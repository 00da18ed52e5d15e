import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sdp.benchmarks.backends.batches import in_halves, plan
from sdp.errors import ResourceError

LENGTHS = st.lists(st.integers(1, 50), max_size=60)


@given(LENGTHS, st.integers(1, 200), st.none() | st.integers(1, 9))
def test_every_row_is_in_one_batch_and_no_batch_is_too_large(lengths, batch_tokens, max_rows):
    batches = plan(lengths, batch_tokens, max_rows)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        padded = len(batch) * max(lengths[row] for row in batch)
        assert padded <= batch_tokens or len(batch) == 1
        assert max_rows is None or len(batch) <= max_rows


@given(LENGTHS)
def test_rows_come_by_falling_length(lengths):
    order = [lengths[row] for batch in plan(lengths, 100) for row in batch]
    assert order == sorted(lengths, reverse=True)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99999999999 bytes"),
    ],
)
def test_halves_until_it_fits_and_keeps_the_order(error):
    seen, said = [], []

    def work(rows):
        seen.append(len(rows))
        if len(rows) > 3:
            raise error
        return [row * 10 for row in rows]

    assert in_halves(work, list(range(11)), said.append) == [row * 10 for row in range(11)]
    assert seen[0] == 11
    assert said[0] == 5


def test_one_row_that_does_not_fit_is_an_error():
    def work(rows):
        raise torch.OutOfMemoryError("out of memory")

    with pytest.raises(ResourceError, match="single question"):
        in_halves(work, [1, 2, 3], lambda _: None)


def test_other_errors_pass():
    def work(rows):
        raise RuntimeError("expected scalar type Float")

    with pytest.raises(RuntimeError, match="scalar type"):
        in_halves(work, [1, 2], lambda _: None)
