"""The loss that training would compute for a model, so that probes judge what runs and not what should run."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import PreTrainedModel

from sdp.finetuning.collate import AnswerCollator
from sdp.finetuning.examples import Example
from sdp.finetuning.head import keeps_logits
from sdp.finetuning.lean.probe import head_fits
from sdp.finetuning.lean.switch import flat
from sdp.finetuning.probes.subject import StepLoss
from sdp.finetuning.reading import FlatReading, PaddedReading
from sdp.models.joiner import Joiner


def training_loss(model: Any, base: PreTrainedModel, joiner: Joiner, why: str | None = None) -> StepLoss:
    """Gives the loss of a micro-batch as training computes it.

    Args:
        model: With its adapter.
        base: The model in it.
        joiner: Of the model.
        why: A reason against the lean path, as `sdp.finetuning.lean.probe.why_not` gives it.
    """
    pad = joiner.tokenizer.pad_token_id
    padded = PaddedReading(
        AnswerCollator(pad if isinstance(pad, int) else joiner.end_ids[-1], keeps_logits(base)), base.device
    )
    with_head = why is None and head_fits(model)

    def loss(examples: Sequence[Example], n_answer_tokens: int) -> torch.Tensor:
        if why is not None:
            return padded.summed_loss(model, examples)[0] / n_answer_tokens
        # Switched for each call alone: in between, probes ask the model as it is.
        with flat(model, with_head=with_head) as switched:
            return FlatReading(switched, base.device).summed_loss(model, examples)[0] / n_answer_tokens

    return loss
