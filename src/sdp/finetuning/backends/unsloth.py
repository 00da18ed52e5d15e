"""Unsloth, in a process and an environment of its own: it patches what it imports, and pins what it needs.

Our callbacks run here, on what the worker (`unsloth_worker.py`) tells: events, alerts, checkpoints and early stopping
are the same as for the other backends.
"""

import sys
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, cast

from sdp.errors import ConfigError, MissingExtra
from sdp.finetuning.backends.remote_trainer import RemoteTrainer
from sdp.finetuning.job import Job, Trained
from sdp.finetuning.train import train
from sdp.progress import SILENT, Progress
from sdp.recipes.schema import Recipe
from sdp.runs.checkpoints.folder import FOLDER
from sdp.runs.folder import Run

if TYPE_CHECKING:
    from transformers import Trainer

WORKER = Path(__file__).with_name("unsloth_worker.py")
_HINT = "make an environment for it, as docs/gpu.md says, and name its interpreter: --unsloth-python PATH"


def check(recipe: Recipe) -> str:
    """Makes sure that Unsloth can be started, and that it can do what is wanted.

    Args:
        recipe: Names the interpreter; without one Unsloth must be installed beside sdp.

    Returns:
        The interpreter.

    Raises:
        ConfigError: An option that Unsloth does not have.
        MissingExtra: There is no Unsloth.
    """
    if recipe.method == "dora":
        raise ConfigError("Unsloth does not train DoRA adapters", where="--method", hint="use --backend lean")
    if recipe.training.packing:
        raise ConfigError("packing is the lean backend's", where="training.packing", hint="use --backend lean")
    if recipe.unsloth_python is None:
        if find_spec("unsloth") is None:
            raise MissingExtra("the backend unsloth needs Unsloth", where="--backend unsloth", hint=_HINT)
        return sys.executable
    found = which(recipe.unsloth_python)
    if found is None:
        raise MissingExtra(f"there is no interpreter '{recipe.unsloth_python}'", where="--unsloth-python", hint=_HINT)
    return found


def run(job: Job, run: Run, *, resume_from: Path | None = None, progress: Progress = SILENT) -> Trained:
    """Trains with Unsloth.

    Args:
        job: What is trained.
        run: Where checkpoints, events and the result go.
        resume_from: A complete checkpoint of this run; None: from the start.
        progress: Shows steps.

    Raises:
        MissingExtra: There is no Unsloth.
        ResourceError: The worker failed.
    """
    remote = RemoteTrainer(job, run.path / FOLDER, [check(job.recipe), str(WORKER)], progress)

    def build(job: Job, folder: Path, progress: Progress) -> "AbstractContextManager[Trainer]":
        del job, folder, progress
        return nullcontext(cast("Trainer", remote))  # one as far as `train` looks

    trained = train(job, run, build=build, resume_from=resume_from, progress=progress)
    run.record["versions"].update(remote.versions)
    return trained
