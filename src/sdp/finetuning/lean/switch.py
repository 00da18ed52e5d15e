"""Switching a model to flat batches, and back."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from peft.tuners.lora import Linear
from torch import nn

from sdp.finetuning.lean import lora, norm
from sdp.finetuning.lean.attention import NAME, register
from sdp.finetuning.lean.frozen import Weight
from sdp.finetuning.lean.head import Answers, summed_loss
from sdp.finetuning.lean.layout import Layout


class FlatModel:
    """A model that reads flat batches; see `flat`.

    Args:
        model: Switched already.
        head: Gives logits, and is told to give the loss instead; None: the model's own logits are used.
    """

    def __init__(self, model: nn.Module, head: nn.Linear | None) -> None:
        self.model = model
        self.head = head
        self.answers: Answers | None = None

    def summed_loss(self, model: nn.Module, inputs: dict[str, torch.Tensor], layout: Layout, answers: Answers) -> Any:
        """Computes the summed loss of a batch's answer tokens, nats.

        Args:
            model: The switched model, or what wraps it to train on several devices.
            inputs: ``input_ids`` and ``position_ids``, (1, n_tokens); ``logits_to_keep``, the place before each answer
                token, (n_answer_tokens,).
            layout: Of the batch.
            answers: What should follow there.

        Returns:
            A number with a gradient.
        """
        self.answers = answers
        try:
            logits = model(**inputs, use_cache=False, layout=layout).logits
        finally:
            self.answers = None
        if self.head is not None:
            return logits.sum()  # one number: the head has given the loss
        return _of_logits(logits[0], answers)


@contextmanager
def flat(model: nn.Module, *, with_head: bool = True) -> Iterator[FlatModel]:
    """Switches a model to flat batches until the end of the block.

    Attention becomes ours through transformers' `AttentionInterface`; LoRA layers, RMS normalisation and the head
    compute the same in fewer passes over memory. Names of parameters, and what is saved, stay as they are.

    Args:
        model: With or without an adapter of peft.
        with_head: Whether the head gives the loss; else the model gives logits.
    """
    register()
    base = base_of(model)
    before = base.config._attn_implementation  # noqa: SLF001  (transformers has no public way to ask)
    head = base.get_output_embeddings() if with_head else None
    switched = FlatModel(model, head if type(head) is nn.Linear else None)
    with ExitStack() as stack:
        stack.callback(base.set_attn_implementation, before)
        base.set_attn_implementation(NAME)
        for layer in list(model.modules()):
            forward = lora.fused(layer) if isinstance(layer, Linear) else norm.fused(layer)
            if forward is not None:
                stack.enter_context(_forward(layer, forward))
        if switched.head is not None:
            stack.enter_context(_forward(switched.head, _Head(switched, switched.head)))
        yield switched


def base_of(model: nn.Module) -> Any:
    """Gives the transformers model inside an adapter's, or the model itself."""
    inner = getattr(model, "get_base_model", None)
    return inner() if callable(inner) else model


class _Head:
    """Stands in for the head's forward pass: (1, n_answer_tokens, d) to the loss, (1, 1, 1)."""

    def __init__(self, switched: FlatModel, head: nn.Linear) -> None:
        self._switched = switched
        self._weight = Weight(head)

    def __call__(self, hidden: torch.Tensor) -> torch.Tensor:
        answers = self._switched.answers
        if answers is None:
            raise ValueError("the model is switched to give its loss, and was asked for logits")
        return summed_loss(self._weight, hidden.reshape(-1, hidden.shape[-1]), answers).view(1, 1, 1)


@contextmanager
def _forward(module: nn.Module, forward: Any) -> Iterator[None]:
    """Sets the forward pass of one module; hooks, wrappers and names are not touched."""
    own = module.__dict__.get("forward")
    module.__dict__["forward"] = forward
    try:
        yield
    finally:
        if own is None:
            del module.__dict__["forward"]
        else:
            module.__dict__["forward"] = own


def _of_logits(logits: torch.Tensor, answers: Answers) -> torch.Tensor:  # logits: (n_answer_tokens, n_vocabulary)
    logits = logits.float()
    if not torch.is_grad_enabled():
        answers.right = logits.argmax(-1) == answers.targets
    return nn.functional.cross_entropy(logits, answers.targets, reduction="sum", label_smoothing=answers.smoothing)
