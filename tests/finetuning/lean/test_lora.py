from typing import Any

import pytest
import torch
from peft.tuners.lora import Linear
from tests.finetuning.lean import shapes

from sdp.finetuning.lean import lora


def layer_of(shape: str = "qwen2", **settings: Any) -> Any:
    return next(module for module in shapes.adapted(shape, **settings).modules() if isinstance(module, Linear))


@pytest.mark.parametrize("shape", ["qwen2", "gpt2"])  # with a bias; with a weight that lies the other way round
def test_one_step_gives_what_peft_gives(shape: str) -> None:
    layer = layer_of(shape)
    forward = lora.fused(layer)
    assert forward is not None
    found = []
    for run in (layer, forward):
        x = torch.randn(2, 5, layer.in_features, generator=torch.Generator().manual_seed(1)).requires_grad_()
        y = run(x)
        (y * torch.arange(y.shape[-1])).sum().backward()
        found.append([y.detach(), x.grad, layer.lora_A["default"].weight.grad, layer.lora_B["default"].weight.grad])
        layer.zero_grad()
    for ours, theirs in zip(found[1], found[0], strict=True):
        assert shapes.relative(ours, theirs) <= 1e-6


def test_half_precision_weights_and_a_float32_adapter_give_half_precision() -> None:
    layer = layer_of()
    layer.get_base_layer().to(torch.bfloat16)
    x = torch.randn(3, layer.in_features, generator=torch.Generator().manual_seed(1)).bfloat16()
    forward = lora.fused(layer)
    assert forward is not None
    with torch.no_grad():
        ours, theirs = forward(x), layer(x)
    assert ours.dtype == theirs.dtype == torch.bfloat16
    assert shapes.relative(ours.float(), theirs.float()) <= 1e-2


@pytest.mark.parametrize("settings", [{"use_dora": True}, {"bias": "lora_only"}, {"bias": "all"}])
def test_adapters_that_are_more_than_plain_stay_pefts(settings: dict[str, Any]) -> None:
    assert lora.fused(layer_of(**settings)) is None  # the layer is a query's: Qwen2 has a bias there


def test_a_base_that_learns_merged_or_switched_off_stays_pefts() -> None:
    learning, merged, off = layer_of(), layer_of(), layer_of()
    learning.get_base_layer().weight.requires_grad_(requires_grad=True)
    merged.merge()
    off.enable_adapters(enabled=False)
    assert [lora.fused(layer) for layer in (learning, merged, off)] == [None, None, None]
