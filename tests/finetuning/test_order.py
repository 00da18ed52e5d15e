from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdp.finetuning.order import MicroBatches, Order, epoch_order

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
    sampler = MicroBatches(Order(LENGTHS, 8, seed=2))
    assert tuple(chain(*sampler)) == orders[6]
    sampler.set_epoch(1)
    assert tuple(chain(*sampler)) == orders[7]
    assert len(sampler) == len(list(sampler)) == -(-len(LENGTHS) // 8)


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


SHARED = st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4))
MANY = st.lists(st.integers(1, 40), min_size=1, max_size=120)


def steps(order: Order, accumulation: int, n_processes: int, epoch: int = 0) -> list[list[list[list[int]]]]:
    """Micro-batches by step and process, as the trainer's loop takes them."""
    taken = [list(order.micro_batches(epoch, process)) for process in range(n_processes)]
    assert {len(found) for found in taken} == {order.n_micro_batches}  # or one process would wait for ever
    firsts = range(0, order.n_micro_batches, accumulation)
    return [[found[first : first + accumulation] for found in taken] for first in firsts]


@given(MANY, SHARED, st.integers(0, 2))
def test_what_a_step_trains_does_not_depend_on_how_it_is_shared(
    lengths: list[int], shared: tuple[int, int, int], epoch: int
) -> None:
    batch, accumulation, processes = shared
    together = Order(np.array(lengths), batch * accumulation * processes)
    alone = [sorted(chain(*chain(*step))) for step in steps(together, 1, 1, epoch)]
    order = Order(np.array(lengths), batch, accumulation=accumulation, n_processes=processes)
    apart = [sorted(chain(*chain(*step))) for step in steps(order, accumulation, processes, epoch)]
    assert apart == alone
    assert order.n_steps == together.n_steps == len(alone)
    assert [sorted(order.step(epoch * order.n_steps + i)) for i in range(order.n_steps)] == alone


@given(MANY, SHARED)
def test_a_micro_batch_is_never_larger_than_it_may_be_and_shares_are_even(
    lengths: list[int], shared: tuple[int, int, int]
) -> None:
    batch, accumulation, processes = shared
    order = Order(np.array(lengths), batch, accumulation=accumulation, n_processes=processes)
    for step in steps(order, accumulation, processes):
        sizes = [len(micro) for process in step for micro in process]
        assert max(sizes) <= batch
        assert max(sizes) - min(sizes) <= 1


@given(st.lists(st.integers(1, 30), min_size=1, max_size=120), SHARED, st.integers(30, 64))
def test_packed_epochs_are_every_example_once_in_bins_that_hold_no_more_than_they_may(
    lengths: list[int], shared: tuple[int, int, int], max_tokens: int
) -> None:
    batch, accumulation, processes = shared
    sizes = np.array(lengths)
    order = Order(sizes, batch, accumulation=accumulation, n_processes=processes, max_tokens=max_tokens)
    for epoch in range(2):
        micros = [m for step in steps(order, accumulation, processes, epoch) for process in step for m in process]
        assert sorted(chain(*micros)) == list(range(len(lengths)))
        assert max(int(sizes[micro].sum()) for micro in micros if micro) <= batch * max_tokens


@given(MANY, SHARED, st.integers(0, 20))
def test_what_has_been_seen_is_counted(lengths: list[int], shared: tuple[int, int, int], done: int) -> None:
    batch, accumulation, processes = shared
    order = Order(np.array(lengths), batch, accumulation=accumulation, n_processes=processes)
    examples = [example for step in range(done) for example in order.step(step)]
    assert order.seen(done) == (len(examples), int(np.array(lengths)[examples].sum()))


def test_the_largest_micro_batch_is_found() -> None:
    order = Order(LENGTHS, 8, accumulation=2)
    assert order.most_tokens() == max(int(LENGTHS[batch].sum()) for batch in order.micro_batches(0))
