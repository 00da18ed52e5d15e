"""Padded batches, for the stock path: right padding, mask and labels by length."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from sdp.finetuning.examples import Example

IGNORED = -100
"""The label that no loss is computed for (torch's cross entropy and transformers agree on it)."""


@dataclass(frozen=True)
class AnswerCollator:
    """Pads examples on the right and labels the answer, end token included.

    Padding is told from content by length alone: where the padding id is also the end token, masking by id would hide
    the end of every answer, and the model would never learn to stop.
    """

    pad_id: int
    keeps_logits: bool
    """Whether the model can leave out the head before the first answer (`logits_to_keep`)."""

    def __call__(self, examples: Sequence[Example]) -> dict[str, Any]:
        """Makes a batch.

        Args:
            examples: At least one.

        Returns:
            `input_ids`, `attention_mask` and `labels`, (n_examples, longest); with `keeps_logits` also
            `logits_to_keep`, so that the head is computed from the last prompt token of the shortest prompt on.
        """
        longest = max(len(ids) for ids, _ in examples)
        input_ids = torch.full((len(examples), longest), self.pad_id, dtype=torch.long)
        mask, labels = torch.zeros_like(input_ids), torch.full_like(input_ids, IGNORED)
        for row, (ids, n_prompt) in enumerate(examples):
            tokens = torch.from_numpy(ids)
            input_ids[row, : len(ids)] = tokens
            mask[row, : len(ids)] = 1
            labels[row, n_prompt : len(ids)] = tokens[n_prompt:]
        batch: dict[str, Any] = {"input_ids": input_ids, "attention_mask": mask, "labels": labels}
        if self.keeps_logits:
            batch["logits_to_keep"] = longest - min(n_prompt for _, n_prompt in examples) + 1
        return batch
