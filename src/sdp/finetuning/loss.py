"""The loss: negative log-likelihood of answer tokens, over all of them in the step."""

from typing import Any

import torch
from torch.nn.functional import cross_entropy

from sdp.finetuning.collate import IGNORED


def answer_loss(
    outputs: Any,
    labels: torch.Tensor,
    num_items_in_batch: torch.Tensor | int | None = None,
    label_smoothing: float = 0.0,
) -> torch.Tensor:
    """Computes the loss of one micro-batch, in nats per answer token.

    A mean of the micro-batches' means would weigh tokens of short answers more than those of long ones; so the sum is
    divided by the answer tokens of the whole optimiser step.

    Args:
        outputs: The model's, with `logits` of the last positions, (n_examples, n_kept, n_vocabulary).
        labels: (n_examples, longest), -100 where nothing is to be learnt.
        num_items_in_batch: Answer tokens of the whole step; None: of this batch.
        label_smoothing: Share of the target that is spread over the whole vocabulary (arXiv 1512.00567).
    """
    logits = outputs["logits"]
    n_kept = logits.shape[1]
    wanted = labels[
        :, labels.shape[1] - n_kept + 1 :
    ]  # the position before a token predicts it, (n_examples, n_kept - 1)
    predicted = logits[:, :-1].float()
    total = cross_entropy(
        predicted.flatten(0, 1), wanted.flatten(),
        ignore_index=IGNORED, reduction="sum", label_smoothing=label_smoothing,
    )  # fmt: skip
    n_tokens = (wanted != IGNORED).sum() if num_items_in_batch is None else num_items_in_batch
    return total / n_tokens
