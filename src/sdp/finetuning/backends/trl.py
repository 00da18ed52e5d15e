"""TRL's SFTTrainer, for comparison: its batches, order and loss on the same examples, our events and checkpoints."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from datasets import Dataset

from sdp.errors import MissingExtra
from sdp.finetuning.arguments import longest_of, named_arguments
from sdp.finetuning.backends.columns import columns
from sdp.finetuning.job import Job, Trained
from sdp.finetuning.train import train
from sdp.progress import SILENT, Progress
from sdp.recipes.schema import Recipe
from sdp.runs.folder import Run

if TYPE_CHECKING:
    from transformers import Trainer


def check(recipe: Recipe) -> None:
    """Makes sure that TRL is there.

    Args:
        recipe: Names it.

    Raises:
        MissingExtra: It is not.
    """
    del recipe
    if find_spec("trl") is None:
        raise MissingExtra("the backend trl needs TRL", where="--backend trl", hint="pip install 'sdp[trl]'")


def run(job: Job, run: Run, *, resume_from: Path | None = None, progress: Progress = SILENT) -> Trained:
    """Trains with TRL.

    Args:
        job: What is trained.
        run: Where checkpoints, events and the result go.
        resume_from: A complete checkpoint of this run; None: from the start.
        progress: Shows steps.

    Raises:
        MissingExtra: TRL is not installed.
        ResourceError: Not enough memory.
    """
    check(job.recipe)
    return train(job, run, build=build, resume_from=resume_from, progress=progress)


@contextmanager
def build(job: Job, folder: Path, progress: Progress = SILENT) -> Iterator["Trainer"]:
    """Makes the trainer. Its evaluation loss is TRL's, a mean over batches.

    Args:
        job: What is trained.
        folder: The run's ``checkpoints/``.
        progress: Told nothing: TRL's own words go to the log.
    """
    del progress
    trl = import_module("trl")
    settings = job.recipe.training
    args = trl.SFTConfig(
        **named_arguments(job, folder),
        label_smoothing_factor=settings.label_smoothing_factor,
        packing=settings.packing,
        max_length=longest_of(job) if settings.packing else settings.max_length,
        dataset_kwargs=None if settings.packing else {"skip_prepare_dataset": True},
    )
    trainer: Trainer = trl.SFTTrainer(
        model=job.model,
        args=args,
        train_dataset=Dataset(columns(job.train)),
        eval_dataset=None if job.validation is None else Dataset(columns(job.validation)),
        processing_class=job.tokenizer,
    )
    yield trainer
    seconds = [float(entry.get("eval_runtime", 0.0)) for entry in trainer.state.log_history]
    vars(trainer)["eval_s"] = sum(seconds)  # where `sdp.finetuning.train` looks for it
