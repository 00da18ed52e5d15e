"""How much memory training will take, measured on a few examples before it begins."""

from collections.abc import Sequence
from dataclasses import dataclass

import psutil
import torch
from torch import nn

from sdp.finetuning.examples import Example, Examples
from sdp.finetuning.lean.switch import base_of
from sdp.finetuning.order import Order
from sdp.finetuning.reading import Reading

_SHARE = 0.9
"""Of the memory that is free: the rest is for what is not counted."""

_PROBED = 4
"""Examples that are read to see what one token costs."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Memory that a step takes at its peak, bytes."""

    model: int
    """Weights, as they are now."""
    learning: int
    """Gradients, and the optimiser's two values per parameter that learns."""
    activations: int
    """What the largest micro-batch keeps for the backward pass."""
    available: int
    """Free now, on the device, weights already there not counted."""

    @property
    def fits(self) -> bool:
        """Whether what is still to come fits into what is free."""
        return self.learning + self.activations <= _SHARE * self.available


def estimate(model: nn.Module, reading: Reading, examples: Examples, order: Order) -> Estimate:
    """Measures what a few examples keep for the backward pass, and works out what the largest micro-batch will keep.

    Args:
        model: Switched to the reading.
        reading: How it reads.
        examples: That will be trained.
        order: In which micro-batches.
    """
    longest = examples.lengths.argsort()[::-1][:_PROBED]
    probed = [examples[int(i)] for i in longest]
    per_token = kept_bytes(model, reading, probed) / sum(len(ids) for ids, _ in probed)
    n_tokens = order.most_tokens()
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return Estimate(
        model=sum(p.numel() * p.element_size() for p in model.parameters()),
        learning=sum(p.numel() * (p.element_size() + 8) for p in learning),
        activations=round(per_token * n_tokens),
        available=_available(next(model.parameters()).device),
    )


def kept_bytes(model: nn.Module, reading: Reading, examples: Sequence[Example]) -> int:
    """Counts the bytes that a forward pass keeps for the backward pass, weights not counted; each tensor once.

    The random numbers of the run are not touched.

    Args:
        model: Switched to the reading.
        reading: How it reads.
        examples: What it reads.
    """
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    kept: dict[int, int] = {}

    def count(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    was_training = model.training
    model.train()
    try:
        with torch.random.fork_rng(), torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
            reading.summed_loss(model, examples)
    finally:
        model.train(was_training)
    return sum(kept.values())


def recompute(model: nn.Module) -> None:
    """Turns gradient checkpointing on: layers are computed a second time instead of kept.

    Without re-entry, so that inputs need no gradient, and with the same random numbers the second time.

    Args:
        model: With or without an adapter.
    """
    base = base_of(model)
    # its newer name, and the one that older transformers have
    enable = getattr(base, "activation_checkpointing_enable", None) or base.gradient_checkpointing_enable
    enable({"use_reentrant": False})


def _available(device: torch.device) -> int:
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return int(free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device))
    return int(psutil.virtual_memory().available)
