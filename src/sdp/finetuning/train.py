"""One training run in this process: a trainer, what happens beside it, and the result in the run folder."""

import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from transformers import PrinterCallback, Trainer, TrainerCallback, TrainerState

from sdp.errors import ResourceError
from sdp.finetuning.arguments import total_steps
from sdp.finetuning.callbacks.checkpointing import Checkpointing, saving
from sdp.finetuning.callbacks.events import Bookkeeping, seen_by
from sdp.finetuning.callbacks.logged_mean import LoggedMean
from sdp.finetuning.callbacks.not_finite import NotFinite
from sdp.finetuning.callbacks.signals import Termination
from sdp.finetuning.callbacks.stopping import EarlyStopping, best_step, metric_at, reason_to_stop
from sdp.finetuning.environment import say_whether_exact
from sdp.finetuning.job import Job, Trained
from sdp.finetuning.keep import keep_best
from sdp.finetuning.measure import peak_memory_bytes
from sdp.models.out_of_memory import is_out_of_memory
from sdp.progress import SILENT, Bar, Progress
from sdp.runs.checkpoints.folder import FOLDER, complete
from sdp.runs.folder import Run

Build = Callable[[Job, Path, Progress], AbstractContextManager[Trainer]]
"""Makes a backend's trainer of a job and the run's ``checkpoints/``; at the end the model is as it was before."""


def callbacks_of(job: Job, run: Run, bar: Bar, trainer: Trainer, termination: Termination) -> list[TrainerCallback]:
    """Lists what happens beside the loop, in the order in which it happens."""
    return [
        NotFinite(run, job, trainer),
        LoggedMean(trainer),
        EarlyStopping(job.recipe.stopping, run),
        Checkpointing(run, job),
        Bookkeeping(run, bar, seen_by(job), job.device),
        termination,
    ]


def train(job: Job, run: Run, *, build: Build, resume_from: Path | None = None, progress: Progress = SILENT) -> Trained:
    """Trains, and keeps the best weights in the run folder.

    Args:
        job: What is trained.
        run: Where checkpoints, events and the result go.
        build: Makes the trainer.
        resume_from: A complete checkpoint of this run; None: from the start.
        progress: Shows steps.

    Raises:
        ResourceError: Not enough memory, or a full disk.
    """
    folder = run.path / FOLDER
    termination = Termination(progress.note)
    before = TrainerState.load_from_json(str(resume_from / "trainer_state.json")) if resume_from else TrainerState()
    first = before.global_step
    n_left = total_steps(job) - first
    with ExitStack() as stack, progress.bar("training", n_left, "steps") as bar, saving(run), termination.listening():
        if resume_from:
            say_whether_exact(resume_from, job, run, progress.note)
        trainer = stack.enter_context(build(job, folder, progress))
        trainer.remove_callback(PrinterCallback)
        for callback in callbacks_of(job, run, bar, trainer, termination):
            trainer.add_callback(callback)
        began = time.perf_counter()
        try:
            if _is_over(job, before):
                trainer.state = before
            else:
                trainer.train(resume_from_checkpoint=str(resume_from) if resume_from else None)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            raise ResourceError(
                "training does not fit into memory",
                hint="lower training.per_device_train_batch_size or training.per_device_eval_batch_size (-o)",
            ) from error
        seconds = time.perf_counter() - began - getattr(trainer, "startup_s", 0.0)  # a worker's start is no training
    trained = _facts(job, trainer, first, seconds)
    if run.writes:
        keep_best(job, run, complete(folder)[trained.best_step], trained)
    return trained


def _is_over(job: Job, state: TrainerState) -> bool:
    """Tells a run that was killed between its last checkpoint and its end: the trainer would do one step more."""
    return state.global_step >= total_steps(job) or reason_to_stop(state, job.recipe.stopping) is not None


def _facts(job: Job, trainer: Trainer, first: int, seconds: float) -> Trained:
    state, eval_s = trainer.state, getattr(trainer, "eval_s", 0.0)
    n = len(job.train)
    (first_n, first_tokens), (last_n, last_tokens) = map(seen_by(job), (first, state.global_step))
    train_s = max(seconds - eval_s, 1e-9)
    speed = (last_n - first_n) / train_s
    kept = best_step(state, job.recipe.stopping)
    # a run shorter than its logging interval has only the mean over all steps
    logged = [entry.get("loss", entry.get("train_loss")) for entry in state.log_history]
    last = next((loss for loss in reversed(logged[:-1]) if loss is not None), logged[-1] if logged else None)
    return Trained(
        steps=state.global_step,
        stopped_early=state.global_step < total_steps(job),
        best_step=state.global_step if kept is None else kept,
        loss=last if last is not None and math.isfinite(last) else None,
        eval_loss=None if kept is None else metric_at(state, kept, "eval_loss"),
        epochs=last_n / n,
        n_examples=last_n - first_n,
        examples_per_s=speed,
        tokens_per_s=(last_tokens - first_tokens) / train_s,
        epoch_s=n / speed if speed else 0.0,
        train_s=train_s,
        eval_s=eval_s,
        peak_memory_bytes=getattr(trainer, "peak_memory_bytes", 0) or peak_memory_bytes(job.device),
    )
