import pytest
import torch
from torch import nn
from transformers.models.gemma.modeling_gemma import GemmaRMSNorm
from transformers.models.llama.modeling_llama import LlamaRMSNorm

from sdp.finetuning.lean import norm


@pytest.mark.parametrize("kind", [LlamaRMSNorm, GemmaRMSNorm])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_results_and_gradients_are_the_modules(kind: type, dtype: torch.dtype) -> None:
    module = kind(16)
    nn.init.normal_(module.weight)
    forward = norm.fused(module)
    assert forward is not None
    found = []
    for run in (module, forward):
        x = (torch.randn(3, 4, 16, generator=torch.Generator().manual_seed(0)) * 3).to(dtype).requires_grad_()
        y = run(x)
        (y * torch.arange(16)).float().sum().backward()
        found.append((y.detach().float(), x.grad.float(), module.weight.grad.clone()))
        module.weight.grad = None
    tolerance = 1e-5 if dtype == torch.float32 else 2e-2
    for ours, theirs in zip(found[1], found[0], strict=True):
        assert (ours - theirs).norm() <= tolerance * theirs.norm()


def test_a_weight_that_is_replaced_is_the_one_that_learns() -> None:
    """FSDP puts its part of a weight in the place of the whole."""
    module = LlamaRMSNorm(8)
    forward = norm.fused(module)
    assert forward is not None
    module.weight = nn.Parameter(torch.full((8,), 3.0))
    x = torch.randn(2, 8)
    assert torch.allclose(forward(x), module(x))
    forward(x).sum().backward()
    assert module.weight.grad is not None


class OddRMSNorm(LlamaRMSNorm):
    """Has the name and the parts, and does something else."""

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        return super().forward(hidden_states) + 0.01


def test_what_only_looks_like_one_is_left_alone() -> None:
    assert norm.fused(OddRMSNorm(8)) is None
    assert norm.fused(nn.LayerNorm(8)) is None
    assert norm.fused(nn.Linear(8, 8)) is None
    assert norm.fused(LlamaRMSNorm(8).bfloat16()) is None  # rounds where the model rounds
