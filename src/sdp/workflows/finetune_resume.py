"""Which broken-off run goes on, and that nobody wants it changed on the way."""

from collections.abc import Sequence
from pathlib import Path

from sdp.errors import InputError
from sdp.finetuning.arguments import examples_per_step
from sdp.progress import SILENT, Progress
from sdp.recipes.overrides import with_overrides
from sdp.recipes.schema import Recipe
from sdp.runs.checkpoints.record import recipe_hash
from sdp.runs.folder import Run, runs
from sdp.workflows.checkpoint_resume import fetch_run, lies_elsewhere
from sdp.workflows.train_run import stored_recipe


def run_to_resume(name: str, root: Path, progress: Progress = SILENT) -> Run:
    """Finds a run that broke off.

    Args:
        name: A run folder, its name, or the URL or folder that it was sent to; ``""``: the newest that is not complete.
        root: Where run folders lie.
        progress: Told what is fetched.

    Raises:
        InputError: There is none, it is complete, or it is a run of another kind.
    """
    if lies_elsewhere(name):
        run = fetch_run(name, root, progress)
    elif name:
        path = Path(name)
        run = Run.open(path if path.is_dir() else root / name)
        if run.record["kind"] != "finetune":
            raise InputError(f"'{run.path}' is a {run.record['kind']} run", where="--resume")
    else:
        found = next((run for run in runs(root, "finetune") if run.record["status"] != "complete"), None)
        if found is None:
            raise InputError(
                f"there is no broken-off run in '{root}'", where="--resume", hint="name one, or start anew"
            )
        run = found
    if run.record["status"] == "complete":
        raise InputError(f"run '{run.path.name}' is complete", where=str(run.path), hint="start a new one")
    return run


def recipe_to_resume(run: Run, overrides: Sequence[str]) -> Recipe:
    """Gives the recipe of a run that goes on. What it learns stays: the result would be neither's.

    Args:
        run: It broke off.
        overrides: May change where and by whom something is computed (`ELSEWHERE`).

    Raises:
        InputError: An override says something else.
        ConfigError: An override that cannot be used.
    """
    stored = stored_recipe(run)
    recipe = with_overrides(stored, overrides)
    if recipe_hash({"recipe": recipe.model_dump()}) != recipe_hash({"recipe": stored.model_dump()}):
        raise InputError(
            "a resumed run keeps its recipe", where="--resume", hint="leave out --steps and -o, or start anew"
        )
    n, n_before = examples_per_step(recipe), examples_per_step(stored)
    if n != n_before:
        raise InputError(
            f"a step of the run has {n_before} examples, and these settings make {n}",
            where="--resume",
            hint="batch size × gradient_accumulation_steps × processes must stay",
        )
    return recipe
