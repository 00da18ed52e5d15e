"""How a model reads examples: flat, or padded as everybody does it; both give the same loss."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from sdp.finetuning.collate import IGNORED, AnswerCollator
from sdp.finetuning.examples import Example
from sdp.finetuning.lean.head import Answers
from sdp.finetuning.lean.layout import layout_of
from sdp.finetuning.lean.probe import head_fits, why_not
from sdp.finetuning.lean.switch import FlatModel, flat
from sdp.progress import SILENT, Progress


class Reading(Protocol):
    """Reads examples with a model and gives their loss."""

    name: str
    """``flat`` or ``padded``."""

    def summed_loss(
        self, model: nn.Module, examples: Sequence[Example], smoothing: float = 0.0
    ) -> tuple[torch.Tensor, Answers]:
        """Computes the summed negative log-likelihood of the answers' tokens, nats.

        Args:
            model: The model, or what wraps it to train on several devices.
            examples: At least one.
            smoothing: Share of each target that is spread over the vocabulary.

        Returns:
            A number with a gradient, and the answers; without gradients they say which tokens the model ranks first.
        """
        ...


class FlatReading:
    """Reads examples one after the other, without padding: the lean path.

    Args:
        switched: The model, switched to flat batches.
        device: Where it is.
    """

    name = "flat"

    def __init__(self, switched: FlatModel, device: torch.device) -> None:
        self._switched = switched
        self._device = device

    def summed_loss(
        self, model: nn.Module, examples: Sequence[Example], smoothing: float = 0.0
    ) -> tuple[torch.Tensor, Answers]:
        """See `Reading.summed_loss`."""
        lengths = [len(ids) for ids, _ in examples]
        ends = np.cumsum(lengths)
        # the token before an answer token predicts it
        keep = [np.arange(end - len(ids) + n - 1, end - 1) for (ids, n), end in zip(examples, ends, strict=True)]
        inputs = {
            "input_ids": np.concatenate([ids for ids, _ in examples])[None],  # (1, n_tokens)
            "position_ids": np.concatenate([np.arange(length) for length in lengths])[None],
            "logits_to_keep": np.concatenate(keep),  # (n_answer_tokens,)
        }
        tensors = {name: self._tensor(values) for name, values in inputs.items()}
        answers = Answers(self._tensor(np.concatenate([ids[n:] for ids, n in examples])), smoothing)
        layout = layout_of(lengths).to(self._device)
        return self._switched.summed_loss(model, tensors, layout, answers), answers

    def _tensor(self, values: np.ndarray[Any, Any]) -> torch.Tensor:
        return torch.from_numpy(values.astype(np.int64, copy=False)).to(self._device, non_blocking=True)


class PaddedReading:
    """Reads examples side by side, padded on the right: the stock path, for models that cannot do otherwise.

    Args:
        collate: Makes batches.
        device: Where the model is.
    """

    name = "padded"

    def __init__(self, collate: AnswerCollator, device: torch.device) -> None:
        self._collate = collate
        self._device = device

    def summed_loss(
        self, model: nn.Module, examples: Sequence[Example], smoothing: float = 0.0
    ) -> tuple[torch.Tensor, Answers]:
        """See `Reading.summed_loss`."""
        batch = {
            name: value.to(self._device) if isinstance(value, torch.Tensor) else value
            for name, value in self._collate(examples).items()
        }
        labels = batch.pop("labels")
        logits = model(**batch, use_cache=False).logits
        wanted = labels[:, labels.shape[1] - logits.shape[1] + 1 :]  # (n_examples, n_kept - 1)
        place = wanted != IGNORED
        answers = Answers(wanted[place], smoothing)
        kept = logits[:, :-1][place].float()  # (n_answer_tokens, n_vocabulary)
        if not torch.is_grad_enabled():
            answers.right = kept.argmax(-1) == answers.targets
        return cross_entropy(kept, answers.targets, reduction="sum", label_smoothing=smoothing), answers


@contextmanager
def reading_of(
    model: nn.Module, collate: AnswerCollator, progress: Progress = SILENT, *, longest: int = 0
) -> Iterator[Reading]:
    """Switches a model to the reading that it is trained with, until the end of the block.

    The model is asked in the precision that is switched on here.

    Args:
        model: With or without an adapter.
        collate: For the stock path.
        progress: Told why a model is trained on the stock path.
        longest: Tokens of the longest example that will be read; 0: few.
    """
    device = next(model.parameters()).device
    why = why_not(model, longest)
    if why is not None:
        progress.note(f"padded batches, the stock way: {why}")
        yield PaddedReading(collate, device)
        return
    with flat(model, with_head=head_fits(model)) as switched:
        yield FlatReading(switched, device)
