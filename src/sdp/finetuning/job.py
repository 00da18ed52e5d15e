"""What a training run gets, and what came of it: the same for every backend."""

from dataclasses import dataclass
from typing import Any

from peft import PeftModel
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sdp.finetuning.examples import Examples
from sdp.recipes.schema import Recipe


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training run. Throughput and seconds are those of this process, resumed or not."""

    steps: int
    stopped_early: bool
    best_step: int
    """The step whose weights were kept."""
    loss: float | None
    """Of the last logged steps, nats per answer token."""
    eval_loss: float | None
    """At the best step, nats per answer token."""
    epochs: float
    n_examples: int
    """Seen in this process."""
    examples_per_s: float
    tokens_per_s: float
    """Prompt and answer tokens, without padding."""
    epoch_s: float
    """Time for one epoch at this speed, seconds."""
    train_s: float
    """Without evaluation."""
    eval_s: float
    peak_memory_bytes: int


@dataclass(frozen=True, slots=True)
class Job:
    """What is trained on what."""

    model: PeftModel | PreTrainedModel
    """With its adapter on, or, where the whole model learns, the model."""
    train: Examples
    validation: Examples | None
    recipe: Recipe
    pad_id: int
    keeps_logits: bool
    device: str
    facts: dict[str, Any]
    """Goes into ``adapter/sdp.json``: what one must know to ask the adapted model as it was trained."""
    base: str | None = None
    """The hub name of the model, for ``adapter_config.json``; None: leave the folder there."""
    location: str = ""
    """The folder that holds the base model's files."""
    tokenizer: PreTrainedTokenizerBase | None = None
