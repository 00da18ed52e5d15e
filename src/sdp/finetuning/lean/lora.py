"""A linear layer and its LoRA adapter in one step: the same products as peft's, with fewer passes over memory."""

from collections.abc import Callable
from typing import Any

import torch
from peft.tuners.lora import Linear
from torch import nn
from transformers.pytorch_utils import Conv1D

from sdp.finetuning.lean.frozen import Weight, compute_dtype

Forward = Callable[[torch.Tensor], torch.Tensor]


class _LoraLinear(torch.autograd.Function):
    """y = x Wᵀ + b + s · (x̃ Aᵀ) Bᵀ; x̃ is x, or x after dropout."""

    @staticmethod
    def forward(  # noqa: PLR0913, PLR0917  (torch hands over what it computes with one by one)
        ctx: Any, x: torch.Tensor, dropped: torch.Tensor | None, weight: torch.Tensor, bias: torch.Tensor | None,
        a: torch.Tensor, b: torch.Tensor, scale: float,
    ) -> torch.Tensor:  # fmt: skip
        into_a = x if dropped is None else dropped
        scaled = b * scale  # (n_out, r): small, so that nothing of the size of x is scaled
        low = into_a.mm(a.t())  # (n_tokens, r)
        y = x.mm(weight.t()) if bias is None else torch.addmm(bias, x, weight.t())
        y.addmm_(low, scaled.t())
        ctx.save_for_backward(into_a, low, weight, a, scaled)
        ctx.scale, ctx.is_dropped = scale, dropped is not None
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        d_y = gradients[0]
        into_a, low, weight, a, scaled = ctx.saved_tensors
        d_low = d_y.mm(scaled)
        d_b = d_y.t().mm(low).mul_(ctx.scale)
        d_a = d_low.t().mm(into_a)
        d_x = d_y.mm(weight) if ctx.needs_input_grad[0] else None
        d_dropped = None
        if ctx.is_dropped:
            d_dropped = d_low.mm(a) if ctx.needs_input_grad[1] else None
        elif d_x is not None:
            d_x.addmm_(d_low, a)
        return d_x, d_dropped, None, None, d_a, d_b, None


_lora_linear: Any = _LoraLinear.apply


def fused(layer: Linear) -> Forward | None:
    """Gives a layer's forward pass in one step, with the same result and the same random numbers.

    Args:
        layer: Of peft.

    Returns:
        None where the layer does more than plain LoRA: DoRA and other variants, several adapters, biases that learn,
        merged or quantised weights, a base weight that learns.
    """
    name = str(layer.active_adapters[0]) if len(layer.active_adapters) == 1 else ""
    base = layer.get_base_layer()
    if (
        type(layer) is not Linear
        or type(base) not in {nn.Linear, Conv1D}
        or layer.merged
        or layer.disable_adapters
        or name not in layer.lora_A
        or name in layer.lora_variant
        or layer.lora_B[name].bias is not None
        or any(parameter.requires_grad for parameter in base.parameters())
        or base.weight.dtype not in {torch.float32, torch.bfloat16, torch.float16}
    ):
        return None
    dropout = layer.lora_dropout[name]
    up, down, scale = layer.lora_B[name], layer.lora_A[name], float(layer.scaling[name])
    weight_of = Weight(base)

    def forward(x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        del args, kwargs
        weight, bias = weight_of(compute_dtype(x))
        flat = x.reshape(-1, x.shape[-1]).to(weight.dtype)  # (n_tokens, n_in)
        dropped = dropout(flat) if layer.training and not isinstance(dropout, nn.Identity) else None
        with torch.autocast(x.device.type, enabled=False):
            a, b = down.weight.to(weight.dtype), up.weight.to(weight.dtype)
            y: torch.Tensor = _lora_linear(flat, dropped, weight, bias, a, b, scale)
        return y.view(*x.shape[:-1], -1)

    return forward
