"""A small model under probe, with whatever a test breaks about it."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from tests.models import build
from torch.nn.functional import cross_entropy

from sdp.finetuning.collate import IGNORED, AnswerCollator
from sdp.finetuning.examples import Example, encode
from sdp.finetuning.lora import add_lora
from sdp.finetuning.probes.subject import StepLoss, Subject, wake
from sdp.finetuning.probes.training_loss import training_loss
from sdp.models.joiner import Joiner
from sdp.recipes.schema import Lora

PROMPTS = ["Spell plan.", "Spell the word strawberry with hyphens.", "Spell a.", "Spell banana, please."]
ANSWERS = ["p-l-a-n", "s-t-r-a-w-b-e-r-r-y", "a", "b-a-n-a-n-a"]


def subject(
    *, shape: str = "llama", chat: bool = False, loss: Callable[[Any, Any, Joiner], StepLoss] = training_loss
) -> Subject:
    joiner = Joiner(build.tokenizer(chat=chat), "auto")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = build.model(shape)
        adapted = add_lora(model, Lora(r=4, dropout=0.0)).eval()
    wake(adapted)
    examples = encode(PROMPTS, ANSWERS, joiner)
    return Subject(adapted, joiner, [examples[index] for index in range(len(examples))], loss(adapted, model, joiner))


def with_labels(change: Callable[[dict[str, torch.Tensor]], None]) -> Callable[[Any, Any, Joiner], StepLoss]:
    """Training whose labels (or ids) somebody got wrong."""

    def made(model: Any, base: Any, joiner: Joiner) -> StepLoss:
        collate = AnswerCollator(0, keeps_logits=False)

        def loss(examples: Sequence[Example], n_answer_tokens: int) -> torch.Tensor:
            batch = collate(examples)
            change(batch)
            labels = batch.pop("labels")
            logits = model(**batch, use_cache=False).logits[:, :-1]
            return cross_entropy(logits.flatten(0, 1), labels[:, 1:].flatten(), reduction="sum") / n_answer_tokens

        return loss

    return made


def masks_the_end_token_as_padding(batch: dict[str, torch.Tensor]) -> None:
    """`labels[labels == pad_id] = -100` where the padding token is the end token."""
    batch["labels"][batch["labels"] == 0] = IGNORED


def trains_the_prompt(batch: dict[str, torch.Tensor]) -> None:
    batch["labels"] = torch.where(batch["input_ids"] == 0, batch["labels"], batch["input_ids"])
