"""The default backend: `transformers.Trainer` with our batches, order, reading and loss."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import torch

from sdp.finetuning.arguments import order_of, pick_precision, training_arguments
from sdp.finetuning.callbacks.parts import Parts
from sdp.finetuning.collate import AnswerCollator
from sdp.finetuning.distributed.agree import anybody
from sdp.finetuning.job import Job, Trained
from sdp.finetuning.memory import estimate, recompute
from sdp.finetuning.order import Order
from sdp.finetuning.reading import Reading, reading_of
from sdp.finetuning.train import train
from sdp.finetuning.trainer import AnswerTrainer
from sdp.models.out_of_memory import is_out_of_memory
from sdp.progress import SILENT, Progress
from sdp.runs.folder import Run


def run(job: Job, run: Run, *, resume_from: Path | None = None, progress: Progress = SILENT) -> Trained:
    """Trains with our trainer.

    Args:
        job: What is trained.
        run: Where checkpoints, events and the result go.
        resume_from: A complete checkpoint of this run; None: from the start.
        progress: Shows steps.

    Raises:
        ResourceError: Not enough memory.
    """
    return train(job, run, build=build, resume_from=resume_from, progress=progress)


@contextmanager
def build(job: Job, folder: Path, progress: Progress = SILENT) -> Iterator[AnswerTrainer]:
    """Switches the model to the lean path, where it can be, and makes the trainer.

    Args:
        job: What is trained.
        folder: The run's ``checkpoints/``.
        progress: Told where the lean path is not possible, and where memory is short.

    Yields:
        The trainer; after the block the model reads as it did before.
    """
    order, args = order_of(job), training_arguments(job, folder)
    longest = max(int(examples.lengths.max()) for examples in (job.train, job.validation) if examples is not None)
    collate = AnswerCollator(job.pad_id, job.keeps_logits)
    with ExitStack() as stack:
        with _precision(job):  # the model is asked in what it will be trained in
            reading = stack.enter_context(reading_of(job.model, collate, progress, longest=longest))
        by_need = job.recipe.training.gradient_checkpointing == "auto"
        short = _short_of_memory(job, reading, order) if by_need else None
        if anybody(args.device, asked=short is not None):
            why = short or "another process is short of memory"
            progress.note(f"{why}: gradient checkpointing is on (slower, less memory)")
            recompute(job.model)
        trainer = AnswerTrainer(
            order=order,
            reading=reading,
            label_smoothing=job.recipe.training.label_smoothing_factor,
            progress=progress,
            model=job.model,
            args=args,
            train_dataset=job.train,
            eval_dataset=job.validation,
        )
        trainer.add_callback(Parts(trainer))
        yield trainer


def _precision(job: Job) -> torch.autocast:
    precision = pick_precision(job.recipe, job.device)
    dtype = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision)
    return torch.autocast(job.device, dtype, enabled=dtype is not None)


def _short_of_memory(job: Job, reading: Reading, order: Order) -> str | None:
    """Says what is lacking for training without gradient checkpointing, or None: nothing."""
    try:
        needed = estimate(job.model, reading, job.train, order)
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        return "a few examples do not fit into memory"
    if needed.fits:
        return None
    gib = 2**30
    wanted = (needed.learning + needed.activations) / gib
    return f"training needs about {wanted:.1f} GiB beside the model, {needed.available / gib:.1f} GiB are free"
