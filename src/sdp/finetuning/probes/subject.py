"""What is probed: a model with an adapter, a few examples, and the loss that training would compute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from peft import PeftModel
from torch.nn.functional import cross_entropy

from sdp.finetuning.examples import Example
from sdp.models.joiner import Joiner

TOLERANCE = 1e-4
"""Relative, in float32. A sample that sees its neighbour moves the loss by a percent; rounding by a millionth."""

_WAKE = 0.02
"""Size of the random up-projections: a fresh adapter's are zero, and would hide an adapter that reaches nothing."""

StepLoss = Callable[[Sequence[Example], int], torch.Tensor]
"""Loss of one micro-batch of an optimiser step with so many answer tokens in all."""


@dataclass(frozen=True)
class Subject:
    """A model under probe."""

    model: PeftModel
    """In float32 and evaluation mode: dropout would make every comparison noise."""
    joiner: Joiner
    examples: Sequence[Example]
    """At least two, of different lengths."""
    loss: StepLoss
    """What training computes."""

    @property
    def n_answer_tokens(self) -> int:
        """Tokens that are to be trained, ends included."""
        return sum(len(ids) - n_prompt for ids, n_prompt in self.examples)

    @property
    def without_ends(self) -> list[Example]:
        """The examples, each cut off before its end."""
        return [(ids[: -len(self.joiner.end_ids)], n_prompt) for ids, n_prompt in self.examples]

    def summed(self, examples: Sequence[Example]) -> float:
        """Gives the loss that training computes, summed over tokens, in nats."""
        with torch.no_grad():
            return float(self.loss(examples, 1))

    @cached_property
    def parts(self) -> tuple[float, float, float]:
        """The negative log-likelihood of prompts, answers and ends, in nats, each example read alone and unpadded."""
        prompt = answer = end = 0.0
        for ids, n_prompt in self.examples:
            nats = _token_losses(self.model, torch.from_numpy(ids).long())
            n_end = len(self.joiner.end_ids)
            prompt += float(nats[: n_prompt - 1].sum())
            answer += float(nats[n_prompt - 1 : -n_end].sum())
            end += float(nats[-n_end:].sum())
        return prompt, answer, end


def wake(model: PeftModel, seed: int = 0) -> None:
    """Gives the up-projections of a fresh adapter small random values, so that it does something."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.requires_grad and ("lora_B" in name or "lora_embedding_B" in name):
                parameter.copy_(torch.randn(parameter.shape, generator=random) * _WAKE)


@torch.no_grad()
def _token_losses(model: PeftModel, ids: torch.Tensor) -> torch.Tensor:
    """Gives the negative log-likelihood of each token after the first, (n_tokens - 1,)."""
    logits = model(input_ids=ids.to(model.device).unsqueeze(0), use_cache=False).logits[0, :-1]
    return cross_entropy(logits.float(), ids[1:].to(logits.device), reduction="none").double().cpu()
