import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdp.finetuning.order import LengthSampler, epoch_order

LENGTHS = np.random.default_rng(0).integers(5, 60, 1003)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=300), st.integers(1, 40), st.integers(0, 3), st.integers(0, 3))
def test_an_epoch_is_every_example_once(lengths: list[int], batch_size: int, seed: int, epoch: int) -> None:
    order = epoch_order(np.array(lengths), batch_size, seed, epoch)
    assert sorted(order.tolist()) == list(range(len(lengths)))


def test_the_order_depends_on_seed_and_epoch_and_on_nothing_else() -> None:
    orders = [tuple(epoch_order(LENGTHS, 8, seed, epoch)) for seed in range(3) for epoch in range(3)]
    assert len(set(orders)) == len(orders)
    np.random.default_rng(1).random(5)
    assert tuple(epoch_order(LENGTHS, 8, 0, 0)) == orders[0]
    sampler = LengthSampler(LENGTHS, 8, 2)
    assert tuple(sampler) == orders[6]
    sampler.set_epoch(1)
    assert tuple(sampler) == orders[7]
    assert len(sampler) == len(LENGTHS)


def test_batches_hold_examples_of_like_length() -> None:
    def padded(order: np.ndarray) -> int:
        batches = [LENGTHS[order[first : first + 8]] for first in range(0, len(order), 8)]
        return sum(batch.max() * len(batch) for batch in batches)

    waste = padded(epoch_order(LENGTHS, 8, 0, 0)) / LENGTHS.sum()
    assert waste < 1.05 < padded(np.arange(len(LENGTHS))) / LENGTHS.sum()


def test_long_and_short_batches_come_mixed() -> None:
    order = epoch_order(LENGTHS, 8, 0, 0)[:1000]
    means = LENGTHS[order].reshape(-1, 8).mean(axis=1)
    assert abs(np.corrcoef(means, np.arange(len(means)))[0, 1]) < 0.25
