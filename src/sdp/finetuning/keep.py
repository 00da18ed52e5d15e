"""What a run leaves: the adapter or model of the best step, with what one must know to ask it."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from sdp.data.atomic import disk, swap_in, write_json
from sdp.finetuning.job import Job, Trained
from sdp.models.replay import FILE as REPLAY_WORDS
from sdp.models.resolve import NOTE
from sdp.recipes.schema import Recipe
from sdp.runs.folder import Run

ADAPTER, MODEL = "adapter", "model"
_ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
_MODEL_FILES = ("config.json", "generation_config.json", "model*.safetensors", "model.safetensors.index.json")


def kept_folder(recipe: Recipe) -> str:
    """Names the folder in the run that holds what was learnt."""
    return MODEL if recipe.method == "full" else ADAPTER


def keep_best(job: Job, run: Run, checkpoint: Path, trained: Trained) -> None:
    """Copies the kept weights into place.

    Args:
        job: What was trained.
        run: Gets ``adapter/``, or, where the whole model learnt, ``model/``.
        checkpoint: Of the best step.
        trained: Goes into the run's events.
    """
    name = kept_folder(job.recipe)
    staging = run.path / f".{name}"
    shutil.rmtree(staging, ignore_errors=True)
    with disk(staging):
        staging.mkdir()
        if name == ADAPTER:
            _copy_adapter(job, checkpoint, staging)
        else:
            _copy_model(job, checkpoint, staging)
    write_json(staging / NOTE, {**job.facts, "step": trained.best_step})
    swap_in(staging, run.path / name)
    run.event("trained", **asdict(trained))


def _copy_adapter(job: Job, checkpoint: Path, staging: Path) -> None:
    for name in _ADAPTER_FILES:
        shutil.copyfile(checkpoint / name, staging / name)
    if job.base is not None:
        config = json.loads((staging / "adapter_config.json").read_text(encoding="utf-8"))
        write_json(staging / "adapter_config.json", {**config, "base_model_name_or_path": job.base})


def _copy_model(job: Job, checkpoint: Path, staging: Path) -> None:
    """Makes a model folder like the one that training began with."""
    for path in sorted({path for pattern in _MODEL_FILES for path in checkpoint.glob(pattern)}):
        shutil.copyfile(path, staging / path.name)
    if job.tokenizer is not None:
        job.tokenizer.save_pretrained(staging)
    words = Path(job.location) / REPLAY_WORDS
    if job.location and words.is_file():
        shutil.copyfile(words, staging / REPLAY_WORDS)
