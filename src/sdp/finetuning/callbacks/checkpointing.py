"""Checkpoints in their place, and no more of them than are wanted."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch.distributed as dist
from safetensors import SafetensorError
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from sdp.finetuning.callbacks.stopping import best_step
from sdp.finetuning.environment import environment_of
from sdp.finetuning.job import Job
from sdp.recipes.schema import Recipe
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints.folder import FOLDER
from sdp.runs.checkpoints.keep import Keep, prune
from sdp.runs.checkpoints.record import data_hash, finite, recipe_hash
from sdp.runs.folder import Run
from sdp.runs.stopping import greater_is_better


class Checkpointing(TrainerCallback):
    """Publishes what the trainer has written, and removes what need not stay.

    Args:
        run: Where to write.
        job: What is trained.
    """

    def __init__(self, run: Run, job: Job) -> None:
        self._run = run
        self._folder = run.path / FOLDER
        self._stopping = job.recipe.stopping
        self._keep = keep_of(job.recipe)
        self._tokenizer = job.tokenizer if job.recipe.method == "full" else None
        metric = self._stopping.metric
        self._about = {
            "run": run.path.name,
            "metric": metric,
            "greater_is_better": greater_is_better(metric, setting=self._stopping.greater_is_better),
            "recipe": recipe_hash(run.record["config"]),
            "data": data_hash(run.record["config"]),
            "environment": environment_of(job),
        }

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Publishes the checkpoint once every process has written its part."""
        del args, control, kwargs
        _wait_for_all()
        if self._run.writes:
            self._publish(state)
        _wait_for_all()

    def _publish(self, state: TrainerState) -> None:
        step = state.global_step
        about = {
            **self._about,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "epoch": float(state.epoch or 0.0),
            "metrics": _logged_at(state, step),
        }
        if self._tokenizer is not None:  # so that the checkpoint of a whole model is one
            self._tokenizer.save_pretrained(folders.written_to(self._folder, step))
        path = folders.publish(self._folder, about, step)
        best = best_step(state, self._stopping)
        prune(self._folder, self._keep, also=frozenset() if best is None else frozenset({best}))
        self._run.event("checkpoint", step=step, path=path.relative_to(self._run.path).as_posix(), best=best == step)


def keep_of(recipe: Recipe) -> Keep:
    """Says which checkpoints of a run stay while it trains: the newest and the best at least.

    Raises:
        InputError: ``checkpoints.keep`` says nothing that can be done.
    """
    limit = recipe.training.save_total_limit
    wanted = Keep(1, limit) if limit is not None else Keep.parse(recipe.checkpoints.keep, "checkpoints.keep")
    return wanted.needed()


@contextmanager
def saving(run: Run) -> Iterator[None]:
    """Makes the folder for a training's checkpoints, and says in words when the disk does not take one.

    Args:
        run: What an earlier, killed process has left half-written there goes away, and what breaks off here, too.

    Raises:
        ResourceError: A checkpoint cannot be written; the older ones are whole.
    """
    folder = run.path / FOLDER
    if not run.writes:
        yield
        _wait_for_all()
        return
    folders.clear(folder)
    with folders.writing(folder, 0):
        folder.mkdir(exist_ok=True)
    try:
        yield
        _wait_for_all()  # at its end the trainer of every process looks through the folder that goes away here
    except (OSError, RuntimeError, SafetensorError) as error:  # each library that writes has its own
        step = folders.half_written(folder)
        if step is None:
            raise
        raise folders.cannot_write(folder, step, _reason(error, folder)) from error
    finally:
        folders.clear(folder)


def _reason(error: Exception, folder: Path) -> str:
    """Says what the disk said, as far as the library that writes passes it on: torch's says only where it stood."""
    causes = (error.__cause__, error.__context__, error)
    said = next((cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), None)
    if said is not None:
        return said
    text = str(error).partition("\n")[0]
    return text if "os error" in text else f"{shutil.disk_usage(folder).free:,} bytes are free there ({text})"


def _logged_at(state: TrainerState, step: int) -> Mapping[str, float]:
    entries = [entry for entry in state.log_history if entry.get("step") == step]
    merged = {name: value for entry in entries for name, value in entry.items() if name not in {"step", "epoch"}}
    return finite(merged)


def _wait_for_all() -> None:
    if dist.is_available() and dist.is_initialized():
        dist.barrier()
