import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdp.finetuning.packing import bins_of, filled

LENGTHS = st.lists(st.integers(1, 50), min_size=1, max_size=150)


def by_hand(lengths: list[int], room: int) -> list[list[int]]:
    """Best fit, looking at every bin each time."""
    bins: list[list[int]] = []
    for length in sorted(lengths, reverse=True):
        fitting = [found for found in bins if sum(found) + length <= room]
        if fitting:
            max(fitting, key=sum).append(length)
        else:
            bins.append([length])
    return bins


@given(LENGTHS, st.integers(50, 90))
def test_each_length_goes_where_it_leaves_the_least_room(lengths: list[int], room: int) -> None:
    ours, theirs = bins_of(np.array(lengths), room), by_hand(lengths, room)
    assert sorted(int(found.sum()) for found in ours) == sorted(map(sum, theirs))
    assert sorted(np.concatenate(ours).tolist()) == sorted(lengths)
    assert max(int(found.sum()) for found in ours) <= room


@given(LENGTHS, st.integers(50, 90), st.integers(0, 5))
def test_every_example_lies_in_one_bin_whatever_the_shuffle(lengths: list[int], room: int, seed: int) -> None:
    sizes = np.array(lengths)
    bins = bins_of(sizes, room)
    placed = filled(bins, sizes, np.random.default_rng(seed))
    assert sorted(np.concatenate(placed).tolist()) == list(range(len(lengths)))
    assert sorted(sorted(sizes[found].tolist()) for found in placed) == sorted(sorted(found.tolist()) for found in bins)


def test_epochs_pair_examples_differently() -> None:
    sizes = np.array([20, 30] * 50)
    bins = bins_of(sizes, 50)
    first, second = (filled(bins, sizes, np.random.default_rng(seed)) for seed in (0, 1))
    assert len(bins) == 50
    assert {tuple(sorted(found)) for found in first} != {tuple(sorted(found)) for found in second}


def test_many_short_examples_leave_little_room() -> None:
    sizes = np.random.default_rng(0).integers(10, 60, 200_000)
    bins = bins_of(sizes, 2048)
    assert len(bins) <= 1.002 * int(sizes.sum()) / 2048
