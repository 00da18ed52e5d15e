"""Whether a model gives the same answers to flat batches as to examples one by one: asked of the model itself."""

from typing import Any

import torch
from torch import nn

from sdp.finetuning.lean.frozen import compute_dtype
from sdp.finetuning.lean.head import Answers
from sdp.finetuning.lean.layout import layout_of
from sdp.finetuning.lean.switch import base_of, flat

LENGTHS = (11, 7, 11, 3)
"""Of the examples that are asked: a part of them longer, none alone, and two groups of padding."""

_TAIL = 16
"""Of the last so many tokens of an example every second is looked at: a vocabulary is large."""

_TOLERANCE = {torch.float32: 1e-4, torch.bfloat16: 5e-2, torch.float16: 2e-2}
"""Of the norm of an example's logits."""


def why_not(model: nn.Module, longest: int = 0) -> str | None:
    """Says why a model cannot be trained on flat batches, or None: it can.

    Random examples are read one by one by the model as it is, and all at once as a flat batch. Whatever a model does
    beside causal attention (a mask of its own, attention that does not go through `AttentionInterface`, states that
    run on from token to token) shows in the difference. A window shorter than the longest example is tried, too: some
    models have it in their mask alone, and attention without a mask would not see it.

    Args:
        model: With or without an adapter.
        longest: Tokens of the longest example that will be read; 0: few.
    """
    base = base_of(model)
    if not getattr(base, "_supports_attention_backend", False):
        return f"attention of {type(base).__name__} does not go through AttentionInterface"
    was_training = model.training
    model.eval()
    try:
        return _differs(model, (*LENGTHS, *_beyond_windows(base.config, longest)))
    except Exception as error:  # noqa: BLE001  (any failure means the same: not this model; the stock path goes on)
        return f"{type(error).__name__}: {error}".splitlines()[0]
    finally:
        model.train(was_training)


def head_fits(model: nn.Module) -> bool:
    """Tells whether the loss made in the head is the loss of the model's logits (some models scale or cap them)."""
    was_training = model.training
    model.eval()
    try:
        inputs, targets = _inputs(model, LENGTHS)
        layout = layout_of(LENGTHS).to(targets.device)
        found = []
        for with_head in (False, True):
            with torch.no_grad(), flat(model, with_head=with_head) as switched:
                if with_head and switched.head is None:
                    return False
                found.append(float(switched.summed_loss(model, inputs, layout, Answers(targets))))
        plain, fused = found
        return abs(plain - fused) <= _tolerance(model) * abs(plain)
    finally:
        model.train(was_training)


@torch.no_grad()
def _differs(model: nn.Module, lengths: tuple[int, ...]) -> str | None:
    inputs, _ = _inputs(model, lengths)
    ids = inputs["input_ids"][0]
    stock = [
        model(input_ids=part[None], use_cache=False, logits_to_keep=_TAIL).logits[0][-_TAIL:][1::2]
        for part in ids.split(lengths)
    ]
    with flat(model, with_head=False):
        ours = model(**inputs, use_cache=False, layout=layout_of(lengths).to(ids.device)).logits[0]
    if len(ours) != sum(map(len, stock)):
        return "it does not leave out logits"
    found = zip(ours.float().split([len(part) for part in stock]), stock, strict=True)
    error = max(float((mine - part.float()).norm() / part.float().norm()) for mine, part in found)
    if error <= _tolerance(model):
        return None
    return f"flat batches change its logits by {error:.1e} of their size"


def _beyond_windows(config: Any, longest: int) -> list[int]:
    """Gives lengths that windows show at, for those windows that the longest example is longer than."""
    windows = (getattr(config, name, None) for name in ("sliding_window", "attention_chunk_size"))
    return [min(2 * window, longest) for window in windows if isinstance(window, int) and 0 < window < longest]


def _inputs(model: nn.Module, lengths: tuple[int, ...]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    n_tokens = sum(lengths)
    weight = _embeddings(model)
    ids = torch.randint(len(weight), (1, n_tokens), generator=generator).to(weight.device)
    positions = torch.cat([torch.arange(length) for length in lengths])[None].to(weight.device)
    places = torch.arange(n_tokens).split(lengths)
    keep = torch.cat([part[-_TAIL:][1::2] for part in places]).to(ids.device)  # some are left out, as prompts are
    return {"input_ids": ids, "position_ids": positions, "logits_to_keep": keep}, ids[0].roll(-1)[keep]


def _tolerance(model: nn.Module) -> float:
    return _TOLERANCE.get(compute_dtype(_embeddings(model)), 1e-4)


def _embeddings(model: nn.Module) -> torch.Tensor:
    weight: torch.Tensor = base_of(model).get_input_embeddings().weight
    return weight
