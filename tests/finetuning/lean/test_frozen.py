import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from sdp.finetuning.lean.frozen import Weight, compute_dtype


def test_a_frozen_weight_is_converted_once() -> None:
    layer = nn.Linear(3, 2).requires_grad_(requires_grad=False)
    weight = Weight(layer)
    assert weight(torch.bfloat16)[0] is weight(torch.bfloat16)[0]
    assert weight(torch.float32)[0].data_ptr() == layer.weight.data_ptr()


def test_one_that_learns_is_converted_each_time_and_gets_its_gradient() -> None:
    layer = nn.Linear(3, 2)
    weight = Weight(layer)
    before = weight(torch.bfloat16)[0]
    with torch.no_grad():
        layer.weight += 1
    assert not torch.equal(weight(torch.bfloat16)[0], before)
    weight(torch.bfloat16)[0].sum().backward()
    assert torch.equal(layer.weight.grad, torch.ones(2, 3))


def test_it_always_lies_the_same_way_round() -> None:
    linear, conv = nn.Linear(3, 2, bias=False), Conv1D(2, 3)
    assert Weight(linear)(torch.float32)[0].shape == Weight(conv)(torch.float32)[0].shape == (2, 3)
    assert Weight(linear)(torch.float32)[1] is None


def test_the_type_is_autocasts_where_it_is_on() -> None:
    x = torch.zeros(1)
    assert compute_dtype(x) == torch.float32
    with torch.autocast("cpu", torch.bfloat16):
        assert compute_dtype(x) == torch.bfloat16
