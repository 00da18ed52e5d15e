"""A small training job, for tests that vary one thing of it."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tests.models import build

from sdp.finetuning.examples import Examples, encode
from sdp.finetuning.head import keeps_logits
from sdp.finetuning.job import Job
from sdp.finetuning.lora import add_lora
from sdp.models.joiner import Joiner
from sdp.recipes.schema import Lora, Recipe, Stopping, Training
from sdp.runs.folder import Run

WORDS = ["plan", "a", "banana", "letter", "strawberry", "spell", "comma", "hyphen", "word", "third", "count", "dot"]
JOINER = Joiner(build.tokenizer(), "plain")


def examples(n: int = 12, joiner: Joiner = JOINER) -> Examples:
    words = [WORDS[i % len(WORDS)] + "s" * (i // len(WORDS)) for i in range(n)]
    return encode([f"Spell {word}." for word in words], ["-".join(word) for word in words], joiner)


def job(
    *, shape: str = "llama", train: Examples | None = None, validation: Examples | None = None,
    lora: dict[str, Any] | None = None, stopping: dict[str, Any] | None = None, **training: Any,
) -> Job:  # fmt: skip
    settings = {"max_steps": 4, "per_device_train_batch_size": 4, "warmup_steps": 0, "logging_steps": 1,
                "eval_steps": 2, "save_steps": 2, "learning_rate": 1e-2}  # fmt: skip
    recipe = Recipe(
        lora=Lora(**{"r": 4, "dropout": 0.0, **(lora or {})}),
        training=Training(**{**settings, **training}),
        stopping=Stopping(**(stopping or {})),
    )
    model = build.model(shape)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        adapted = add_lora(model, recipe.lora)
    return Job(
        keeps_logits=keeps_logits(model),
        model=adapted,
        train=train or examples(),
        validation=validation,
        recipe=recipe,
        pad_id=0,
        device="cpu",
        facts={"prompt_format": "plain"},
    )


def new_run(tmp_path: Path, name: str = "x") -> Run:
    return Run.create(tmp_path / "runs", "finetune", name, {})


def adapter_bytes(run: Run) -> bytes:
    return (run.path / "adapter" / "adapter_model.safetensors").read_bytes()


def adapter(run: Run) -> dict[str, torch.Tensor]:
    return load_file(run.path / "adapter" / "adapter_model.safetensors")
