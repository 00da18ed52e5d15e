"""A step's gradient does not depend on how the step is cut into micro-batches."""

from collections.abc import Sequence

import torch

from sdp.finetuning.examples import Example
from sdp.finetuning.probes.finding import Finding
from sdp.finetuning.probes.subject import TOLERANCE, Subject

NAME = "accumulation invariant"


def accumulation(subject: Subject) -> Finding:
    """Compares the gradient of a step in one batch with that of the same step in unequal micro-batches.

    A mean of the micro-batches' means weighs tokens of short answers more than those of long ones.
    """
    whole = _gradient(subject, [subject.examples])
    parts = _gradient(subject, [subject.examples[:1], subject.examples[1:]])
    off = float((whole - parts).norm() / whole.norm())
    sizes = f"{len(subject.examples)} samples at once and as 1 + {len(subject.examples) - 1}"
    seen = f"{sizes}: the gradient differs by {off:.0e}"
    if off <= TOLERANCE:
        return Finding(NAME, "ok", seen)
    return Finding(NAME, "FAILED", seen, "use training.gradient_accumulation_steps=1; report it with the model's name")


def _gradient(subject: Subject, batches: Sequence[Sequence[Example]]) -> torch.Tensor:
    """Gives the gradient of a step, all trainable parameters in one row."""
    subject.model.zero_grad()
    for batch in batches:
        subject.loss(batch, subject.n_answer_tokens).backward()
    found = [
        torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        for parameter in subject.model.parameters()
        if parameter.requires_grad
    ]
    flat = torch.cat([gradient.detach().flatten().float() for gradient in found])
    subject.model.zero_grad()
    return flat
