"""One training run: from examples to an adapter in the run folder."""

import json
import math
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import PrinterCallback, TrainerState, TrainingArguments

from sdp.data.atomic import disk, swap_in, write_json
from sdp.errors import ResourceError
from sdp.finetuning import checkpoints
from sdp.finetuning.callbacks import Bookkeeping, EarlyStopping, best_step, eval_losses
from sdp.finetuning.collate import AnswerCollator
from sdp.finetuning.examples import Examples
from sdp.finetuning.measure import examples_at, peak_memory_bytes
from sdp.finetuning.trainer import AnswerTrainer
from sdp.progress import SILENT, Progress
from sdp.recipes.schema import Recipe
from sdp.runs.folder import Run
from sdp.seeds import derive

_ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training run. Throughput and seconds are those of this process, resumed or not."""

    steps: int
    stopped_early: bool
    best_step: int
    """The step whose adapter was kept."""
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

    model: PeftModel
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


def train(job: Job, run: Run, *, resume_from: Path | None = None, progress: Progress = SILENT) -> Trained:
    """Trains, keeps the best adapter, and writes it to ``adapter/``.

    Args:
        job: What is trained.
        run: Where checkpoints, events and the adapter go.
        resume_from: A complete checkpoint of this run; None: from the start.
        progress: Shows steps.

    Raises:
        ResourceError: Not enough memory.
    """
    folder = run.path / "checkpoints"
    checkpoints.clear(folder)
    with disk(folder):
        folder.mkdir(exist_ok=True)
    first = _step_of(resume_from) if resume_from else 0
    with progress.bar("training", job.recipe.training.max_steps - first, "steps") as bar:
        trainer = _trainer(job, folder)
        trainer.remove_callback(PrinterCallback)
        trainer.add_callback(EarlyStopping(job.recipe.training.early_stopping_patience))
        trainer.add_callback(Bookkeeping(run, bar))
        began = time.perf_counter()
        try:
            trainer.train(resume_from_checkpoint=str(resume_from) if resume_from else None)
        except (MemoryError, torch.OutOfMemoryError) as error:
            raise ResourceError(
                "training does not fit into memory",
                hint="lower training.per_device_train_batch_size, raise training.gradient_accumulation_steps (-o)",
            ) from error
        seconds = time.perf_counter() - began
    checkpoints.clear(folder)
    trained = _facts(job, trainer.state, first, seconds, trainer.eval_s)
    _write_adapter(job, run, checkpoints.complete(folder)[trained.best_step], trained)
    return trained


def _trainer(job: Job, folder: Path) -> AnswerTrainer:
    settings = job.recipe.training
    named = settings.model_dump(exclude={"early_stopping_patience", "seed"})
    if job.validation is None:
        del named["eval_steps"]
    args = TrainingArguments(
        output_dir=str(folder / checkpoints.WRITING),
        **named,
        seed=derive("trainer", settings.seed) % 2**32,
        eval_strategy="steps" if job.validation is not None else "no",
        save_strategy="steps",
        use_cpu=job.device == "cpu",
        remove_unused_columns=False,
        dataloader_pin_memory=job.device == "cuda",
        disable_tqdm=True,
        report_to="none",
    )
    if args.n_gpu > 1:
        args._n_gpu = 1  # noqa: SLF001  (more would mean DataParallel, which splits the batch but not its integers)
    return AnswerTrainer(
        order_seed=settings.seed,
        model=job.model,
        args=args,
        train_dataset=job.train,
        eval_dataset=job.validation,
        data_collator=AnswerCollator(job.pad_id, job.keeps_logits),
    )


def _step_of(checkpoint: Path) -> int:
    return int(TrainerState.load_from_json(str(checkpoint / "trainer_state.json")).global_step)


def _facts(job: Job, state: TrainerState, first: int, seconds: float, eval_s: float) -> Trained:
    settings = job.recipe.training
    n = len(job.train)
    first_n, last_n = (
        examples_at(step, n, settings.per_device_train_batch_size, settings.gradient_accumulation_steps)
        for step in (first, state.global_step)
    )
    train_s = max(seconds - eval_s, 1e-9)
    speed = (last_n - first_n) / train_s
    kept = best_step(state)
    # a run shorter than its logging interval has only the mean over all steps
    logged = [entry.get("loss", entry.get("train_loss")) for entry in state.log_history]
    last = next((loss for loss in reversed(logged[:-1]) if loss is not None), logged[-1] if logged else None)
    return Trained(
        steps=state.global_step,
        stopped_early=state.global_step < settings.max_steps,
        best_step=state.global_step if kept is None else kept,
        loss=last if last is not None and math.isfinite(last) else None,
        eval_loss=None if kept is None else eval_losses(state)[kept],
        epochs=last_n / n,
        n_examples=last_n - first_n,
        examples_per_s=speed,
        tokens_per_s=speed * float(job.train.lengths.mean()),
        epoch_s=n / speed if speed else 0.0,
        train_s=train_s,
        eval_s=eval_s,
        peak_memory_bytes=peak_memory_bytes(job.device),
    )


def _write_adapter(job: Job, run: Run, checkpoint: Path, trained: Trained) -> None:
    """Copies the kept adapter into place, with what one must know to ask it."""
    staging = run.path / ".adapter"
    shutil.rmtree(staging, ignore_errors=True)
    with disk(staging):
        staging.mkdir()
        for name in _ADAPTER_FILES:
            shutil.copyfile(checkpoint / name, staging / name)
    if job.base is not None:
        config = json.loads((staging / "adapter_config.json").read_text(encoding="utf-8"))
        write_json(staging / "adapter_config.json", {**config, "base_model_name_or_path": job.base})
    write_json(staging / "sdp.json", {**job.facts, "step": trained.best_step})
    swap_in(staging, run.path / "adapter")
    run.event("trained", **asdict(trained))
