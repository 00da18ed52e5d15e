"""What a model can do, asked through its public signature and configuration."""

import inspect

from transformers import PreTrainedModel


def keeps_logits(model: PreTrainedModel) -> bool:
    """Tells whether the model can compute its head for the last positions alone."""
    return "logits_to_keep" in inspect.signature(model.forward).parameters


def longest_input(model: PreTrainedModel) -> int | None:
    """Gives the most tokens the model can read; None if its configuration does not say."""
    limit = getattr(model.config, "max_position_embeddings", None)
    return limit if isinstance(limit, int) and limit > 0 else None
