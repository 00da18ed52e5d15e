"""Attention over a flat batch, as an attention implementation that transformers calls."""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn.functional import dropout as drop
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

from sdp.finetuning.lean.layout import Layout, pad, unpad

NAME = "sdp_flat"

_SHORT = 160
"""Up to so many tokens two batched products beat torch's blocked kernel on a CPU (measured: 44 tokens 2.6×)."""

Attend = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def flat_attention(  # noqa: PLR0913, PLR0917  (the signature is transformers')
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    sliding_window: int | None = None,
    softcap: float | None = None,
    layout: Layout | None = None,
    **kwargs: Any,
) -> tuple[torch.Tensor, None]:
    """Lets every example of a flat batch look at itself, from left to right.

    Args:
        module: The layer; not used.
        query: (1, n_heads, n_tokens, d).
        key: (1, n_key_heads, n_tokens, d).
        value: As `key`.
        attention_mask: None: who sees whom follows from the layout.
        scaling: Of the scores; None: 1 / √d.
        dropout: Share of attention weights that is dropped.
        sliding_window: A token sees so many tokens, itself included; None: all before it.
        softcap: Scores are squeezed into ± this.
        layout: Of the batch.
        **kwargs: What else models hand over and this attention has no use for; `sdp.finetuning.lean.probe` makes sure
            that it has none.

    Returns:
        (1, n_tokens, n_heads, d), and no weights.

    Raises:
        ValueError: No layout, or a mask: somebody calls the model outside the lean path.
    """
    del module, kwargs
    if layout is None or attention_mask is not None:
        raise ValueError("the model is switched to flat batches, and got one that is not")
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    window = sliding_window if sliding_window is not None and sliding_window < layout.longest else None
    if _takes_flat(query, dropout, softcap):
        return _varlen(query, key, value, layout, scale, window)[None], None
    n_repeats = query.shape[1] // key.shape[1]
    groups = []
    for q, k, v in zip(*(pad(x[0], layout) for x in (query, key, value)), strict=True):
        length = q.shape[2]
        if softcap is None and window is None and (length > _SHORT or query.device.type != "cpu"):
            groups.append(_blocked(q, k, v, scale, dropout))
        else:
            bias = _bias(length, window, query)
            groups.append(_products(q, _repeat(k, n_repeats), _repeat(v, n_repeats), bias, scale, dropout, softcap))
    return unpad(groups, layout).transpose(0, 1)[None], None


def register() -> None:
    """Makes the implementation known to transformers."""
    AttentionInterface.register(NAME, flat_attention)


def _blocked(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, scale: float, dropout: float
) -> torch.Tensor:  # (n_heads, n_examples, length, d)
    q, k, v = (x.transpose(0, 1) for x in (q, k, v))
    out = scaled_dot_product_attention(
        q, k, v, dropout_p=dropout, is_causal=True, scale=scale, enable_gqa=q.shape[1] != k.shape[1]
    )
    return out.transpose(0, 1)


def _products(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, bias: torch.Tensor,
    scale: float, dropout: float, softcap: float | None,
) -> torch.Tensor:  # fmt: skip
    heads, n, length, d = q.shape
    q, k, v = (x.reshape(heads * n, length, d) for x in (q, k, v))
    if softcap is None:
        scores = torch.baddbmm(bias, q, k.transpose(1, 2), alpha=scale)  # (n_heads · n_examples, length, length)
    else:
        scores = torch.tanh(torch.bmm(q, k.transpose(1, 2)) * (scale / softcap)) * softcap + bias
    weights = scores.softmax(-1, dtype=torch.float32).to(v.dtype)
    if dropout:
        weights = drop(weights, dropout)
    return torch.bmm(weights, v).view(heads, n, length, d)


def _bias(length: int, window: int | None, like: torch.Tensor) -> torch.Tensor:  # (1, length, length)
    seen = torch.ones(length, length, dtype=torch.bool, device=like.device).tril()
    if window is not None:
        seen = seen.triu(1 - window)
    dtype = torch.get_autocast_dtype(like.device.type) if torch.is_autocast_enabled(like.device.type) else like.dtype
    return torch.zeros(1, length, length, dtype=dtype, device=like.device).masked_fill_(~seen, float("-inf"))


def _repeat(x: torch.Tensor, n: int) -> torch.Tensor:
    return x if n == 1 else x.repeat_interleave(n, dim=0)


def _takes_flat(query: torch.Tensor, dropout: float, softcap: float | None) -> bool:
    """Tells whether torch's kernel for examples of many lengths can do it: from Ampere on, in half precision."""
    half = query.dtype in {torch.float16, torch.bfloat16}
    if query.device.type != "cuda" or not half or dropout or softcap is not None:
        return False
    return torch.cuda.get_device_capability(query.device) >= (8, 0)


def _varlen(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, layout: Layout, scale: float, window: int | None
) -> torch.Tensor:  # (n_tokens, n_heads, d)
    from torch.nn.attention.varlen import varlen_attn

    q, k, v = (x[0].transpose(0, 1) for x in (query, key, value))
    bounds, longest = layout.bounds, layout.longest
    left = -1 if window is None else window - 1  # the kernel counts the tokens before the one that looks
    out = varlen_attn(
        q, k, v, bounds, bounds, longest, longest,
        scale=scale, window_size=(left, 0), enable_gqa=query.shape[1] != key.shape[1],
    )  # fmt: skip
    if isinstance(out, tuple):
        raise TypeError("varlen_attn gave more than the output")
    return out
