"""From a recipe to `transformers.TrainingArguments`."""

import math
from pathlib import Path
from typing import Any

from transformers import TrainingArguments

from sdp.finetuning.job import Job
from sdp.finetuning.order import Order
from sdp.models.load import has_fast_bfloat16
from sdp.recipes.schema import Recipe
from sdp.runs.checkpoints.folder import WRITING
from sdp.seeds import derive

_OURS = {
    "seed", "max_length", "packing", "too_long", "save_total_limit", "label_smoothing_factor", "gradient_checkpointing",
}  # fmt: skip
"""Keys of `Training` that the trainer does not get as they are: examples, checkpoints and the loss are ours."""


def training_arguments(job: Job, folder: Path) -> TrainingArguments:
    """Makes the arguments of an in-process trainer.

    Args:
        job: What is trained.
        folder: The run's ``checkpoints/``.
    """
    args = TrainingArguments(**named_arguments(job, folder))
    if args.n_gpu > 1:
        args._n_gpu = 1  # noqa: SLF001  (more would mean DataParallel, which splits the batch but not its integers)
    return args


def named_arguments(job: Job, folder: Path) -> dict[str, Any]:
    """Gives the arguments by name, for trainers with arguments of their own."""
    settings = job.recipe.training
    named = settings.model_dump(exclude=_OURS)
    precision = pick_precision(job.recipe, job.device)
    named.update(
        max_steps=settings.max_steps or -1,
        num_train_epochs=settings.num_train_epochs or 1.0,
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        **{_checkpointing(): settings.gradient_checkpointing is True},
    )
    if job.validation is None:
        del named["eval_steps"]
    return {
        **named,
        "output_dir": str(folder / WRITING),
        "seed": derive("trainer", settings.seed) % 2**32,
        "eval_strategy": "steps" if job.validation is not None else "no",
        "save_strategy": "steps",
        "logging_nan_inf_filter": False,  # it would hide a loss that is not a number behind the mean of the others
        "use_cpu": job.device == "cpu",
        "remove_unused_columns": False,
        "dataloader_pin_memory": job.device == "cuda",
        "disable_tqdm": True,
        "report_to": "none",
        "ddp_find_unused_parameters": False,
        # with DDP each machine has the whole model, and so a run folder of its own
        "save_on_each_node": job.recipe.distributed.kind == "ddp",
    }


def _checkpointing() -> str:
    """Names the argument as this version of transformers does."""
    newer = "activation_checkpointing"
    return newer if newer in TrainingArguments.__dataclass_fields__ else "gradient_checkpointing"


def pick_precision(recipe: Recipe, device: str) -> str:
    """Says in which type the passes are computed: ``no`` (that of the weights), ``bf16`` or ``fp16``.

    Args:
        recipe: Asks for one of them, or leaves it to the device.
        device: ``auto`` is bf16 on a CUDA device that has it, else the type of the weights.
    """
    settings = recipe.training
    if settings.fp16 is True:
        return "fp16"
    has = device == "cuda" and has_fast_bfloat16()
    return "bf16" if settings.bf16 is True or (settings.bf16 == "auto" and has) else "no"


def total_steps(job: Job) -> int:
    """Counts the optimiser steps of a run that is not stopped early."""
    settings = job.recipe.training
    if settings.max_steps is not None:
        return settings.max_steps
    return math.ceil((settings.num_train_epochs or 1.0) * order_of(job).n_steps)


def order_of(job: Job) -> Order:
    """Gives the steps of a run: which examples each trains, and on which process."""
    settings, distributed = job.recipe.training, job.recipe.distributed
    return Order(
        job.train.lengths,
        settings.per_device_train_batch_size,
        accumulation=settings.gradient_accumulation_steps,
        n_processes=distributed.num_processes if distributed.kind != "none" else 1,
        seed=settings.seed,
        max_tokens=longest_of(job) if settings.packing else None,
    )


def longest_of(job: Job) -> int:
    """Says how many tokens an example, or a bin of packed ones, may have: the longest example's if nothing is said."""
    return job.recipe.training.max_length or int(job.train.lengths.max())


def examples_per_step(recipe: Recipe) -> int:
    """Counts the examples of an optimiser step, over all processes."""
    settings = recipe.training
    micro = settings.per_device_train_batch_size * settings.gradient_accumulation_steps
    return micro * (recipe.distributed.num_processes if recipe.distributed.kind != "none" else 1)
