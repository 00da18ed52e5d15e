import torch
from hypothesis import given
from hypothesis import strategies as st

from sdp.finetuning.lean.layout import Layout, layout_of, pad, unpad

LENGTHS = st.lists(st.integers(1, 70), min_size=1, max_size=12)


def values(n: int) -> torch.Tensor:  # (2, n, 3)
    return torch.arange(1, n * 6 + 1, dtype=torch.float64).view(2, n, 3)


@given(LENGTHS)
def test_there_and_back_is_the_same(lengths: list[int]) -> None:
    layout = layout_of(lengths)
    flat = values(sum(lengths))
    assert torch.equal(unpad(pad(flat, layout), layout), flat)


@given(LENGTHS)
def test_every_example_stands_alone_at_the_beginning_of_its_row(lengths: list[int]) -> None:
    layout = layout_of(lengths)
    flat = values(sum(lengths))
    rows = {tuple(row[0, 0].tolist()): row for group in pad(flat, layout) for row in group.transpose(0, 1)}
    for part in flat.split(lengths, dim=1):  # by hand: what a row must begin with
        assert torch.equal(rows[tuple(part[0, 0].tolist())][:, : part.shape[1]], part)
    assert len(rows) == len(lengths)


@given(LENGTHS)
def test_no_group_is_padded_to_more_than_twice_its_shortest(lengths: list[int]) -> None:
    layout = layout_of(lengths)
    assert sum(n for n, _ in layout.groups) == len(lengths)
    padded = sum(n * longest for n, longest in layout.groups)
    assert padded <= 2 * sum(lengths)
    assert len(layout.padding) == padded - sum(lengths)
    assert layout.longest == max(lengths)


@given(LENGTHS)
def test_gradients_are_those_of_plain_indexing(lengths: list[int]) -> None:
    layout = layout_of(lengths)
    weights = [torch.rand(2, n, longest, 3, dtype=torch.float64) for n, longest in layout.groups]
    found = []
    for route in (through_ours, through_indexing):
        flat = values(sum(lengths)).requires_grad_()
        route(flat, layout, weights).square().sum().backward()
        found.append(flat.grad)
    assert torch.allclose(found[0], found[1])


def through_ours(flat: torch.Tensor, layout: Layout, weights: list[torch.Tensor]) -> torch.Tensor:
    return unpad([group * weight for group, weight in zip(pad(flat, layout), weights, strict=True)], layout)


def through_indexing(flat: torch.Tensor, layout: Layout, weights: list[torch.Tensor]) -> torch.Tensor:
    flattened = torch.cat([weight.flatten(1, 2) for weight in weights], dim=1)
    return flat * flattened[:, layout.to_flat]


def test_equal_lengths_are_not_moved_at_all() -> None:
    layout = layout_of([5, 5, 5])
    flat = values(15)
    assert layout.is_dense
    assert pad(flat, layout)[0].data_ptr() == flat.data_ptr()
