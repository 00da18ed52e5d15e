"""The head and the loss in one: the logits of a few answer tokens at a time, never all of them, and never twice."""

from dataclasses import dataclass
from typing import Any

import torch

from sdp.finetuning.lean.frozen import Weight, compute_dtype

_LOGITS = 2**25
"""Logits held at once: 128 MiB in float32."""


@dataclass
class Answers:
    """What the head is asked for, and what it finds beside the loss."""

    targets: torch.Tensor
    """The tokens that should follow, (n_answer_tokens,)."""
    smoothing: float = 0.0
    """Share of the target that is spread over the whole vocabulary."""
    right: torch.Tensor | None = None
    """Which of them the model ranks first, (n_answer_tokens,) of truth values; only without gradients."""


def summed_loss(head: Weight, hidden: torch.Tensor, answers: Answers) -> torch.Tensor:
    """Computes the summed negative log-likelihood of answer tokens, nats.

    Args:
        head: The layer that gives logits.
        hidden: What the head reads at the place before each answer token, (n_answer_tokens, d).
        answers: The tokens that should follow. Without gradients `right` is filled in.

    Returns:
        A number, with a gradient where torch records gradients.
    """
    dtype = compute_dtype(hidden)
    weight, bias = head(dtype)
    hidden = hidden.to(dtype)
    with torch.autocast(hidden.device.type, enabled=False):
        if torch.is_grad_enabled():
            loss: torch.Tensor = _head_loss(hidden, weight, bias, answers)
            return loss
        parts = [
            _loss(_log_p(hidden[rows], weight, bias), answers.targets[rows], answers.smoothing)
            for rows in _slices(len(hidden), len(weight))
        ]
        answers.right = torch.cat([right for _, right in parts])
        return torch.stack([part for part, _ in parts]).sum()


class _HeadLoss(torch.autograd.Function):
    """Makes the gradient of what goes in on the way, while the logits are there."""

    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, answers: Answers
    ) -> torch.Tensor:
        wants_hidden, wants_weight, wants_bias, _ = ctx.needs_input_grad
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        d_hidden = torch.empty_like(hidden) if wants_hidden else None
        d_weight = torch.zeros_like(weight, dtype=torch.float32) if wants_weight else None
        d_bias = torch.zeros_like(bias, dtype=torch.float32) if bias is not None and wants_bias else None
        for rows in _slices(len(hidden), len(weight)):
            targets = answers.targets[rows]
            log_p = _log_p(hidden[rows], weight, bias)
            total += _loss(log_p, targets, answers.smoothing, ranks=False)[0]
            slope = _slope(log_p, targets, answers.smoothing).to(hidden.dtype)
            if d_hidden is not None:
                torch.mm(slope, weight, out=d_hidden[rows])
            if d_weight is not None:
                d_weight += slope.t() @ hidden[rows]
            if d_bias is not None:
                d_bias += slope.sum(0)
        ctx.save_for_backward(d_hidden, d_weight, d_bias)
        ctx.dtypes = (hidden.dtype, weight.dtype, None if bias is None else bias.dtype)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        scale = gradients[0]
        parts = zip(ctx.saved_tensors, ctx.dtypes, strict=True)
        return (*[None if part is None else (part * scale.to(part.dtype)).to(dtype) for part, dtype in parts], None)


_head_loss: Any = _HeadLoss.apply


def _slices(n_rows: int, n_vocabulary: int) -> list[slice]:
    size = max(1, _LOGITS // n_vocabulary)
    return [slice(first, first + size) for first in range(0, n_rows, size)]


def _log_p(hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    logits = torch.mm(hidden, weight.t()) if bias is None else torch.addmm(bias, hidden, weight.t())
    return torch.log_softmax(logits, dim=-1, dtype=torch.float32)  # (n_tokens, n_vocabulary)


def _loss(
    log_p: torch.Tensor, targets: torch.Tensor, smoothing: float, *, ranks: bool = True
) -> tuple[torch.Tensor, torch.Tensor]:
    """Sums the loss of some tokens, and says which of them the model ranks first."""
    loss = -log_p.gather(1, targets[:, None]).sum() * (1 - smoothing)
    if smoothing:
        loss = loss - log_p.mean(dim=-1).sum() * smoothing
    return loss, log_p.argmax(-1) == targets if ranks else targets


def _slope(log_p: torch.Tensor, targets: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Gives the slope of the loss by the logits: p - target. The log-probabilities are used up."""
    slope = log_p.exp_()
    slope.scatter_add_(1, targets[:, None], torch.full_like(slope[:, :1], smoothing - 1))
    return slope.sub_(smoothing / slope.shape[1]) if smoothing else slope
