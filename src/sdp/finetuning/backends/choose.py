"""From the name of a backend to what runs it; only the one that is wanted is imported."""

from importlib import import_module
from pathlib import Path
from typing import Protocol

from sdp.finetuning.job import Job, Trained
from sdp.progress import Progress
from sdp.recipes.schema import Backend, Recipe
from sdp.runs.folder import Run


class RunBackend(Protocol):
    """Trains a job: `run` of each module beside this one."""

    def __call__(self, job: Job, run: Run, *, resume_from: Path | None = None, progress: Progress = ...) -> Trained:
        """Trains and leaves the result in the run folder.

        Args:
            job: What is trained.
            run: Where checkpoints, events and the result go.
            resume_from: A complete checkpoint of this run; None: from the start.
            progress: Shows steps.
        """
        ...


def choose_backend(name: Backend) -> RunBackend:
    """Gives what trains: ``sdp.finetuning.backends.<name>.run``."""
    run: RunBackend = import_module(f"sdp.finetuning.backends.{name}").run
    return run


def check_backend(recipe: Recipe) -> None:
    """Makes sure that a recipe's backend is there and can do what is wanted, before anything is made.

    Args:
        recipe: Names the backend.

    Raises:
        ConfigError: It cannot do what the recipe asks.
        MissingExtra: It is not installed.
    """
    if recipe.backend != "lean":
        import_module(f"sdp.finetuning.backends.{recipe.backend}").check(recipe)
