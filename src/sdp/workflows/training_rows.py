"""The rows a training run sees: opened, mixed, drawn."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from sdp.data.dataset import TaskFolder
from sdp.data.families import families
from sdp.data.splits import apportion
from sdp.errors import InputError
from sdp.finetuning import mix
from sdp.finetuning.arguments import examples_per_step
from sdp.finetuning.sources import as_text, open_source, read_part
from sdp.models.replay import replay_words
from sdp.models.resolve import ResolvedModel
from sdp.recipes.schema import REPLAY, Recipe, Source
from sdp.runs.folder import Run
from sdp.seeds import derive
from sdp.synthesis.memory import questions

REPLAYED = ("position", "count")
"""Tasks that the source `replay` asks about."""

DATA = Path("data")


@dataclass(frozen=True, slots=True)
class Rows:
    """Drawn rows, not tokenised yet."""

    train: dict[str, pa.Table]
    validation: list[pa.Table]
    n_dropped: int
    """Rows left out because they are about replay words."""


def open_sources(recipe: Recipe, run: Run | None = None) -> list[TaskFolder]:
    """Opens the data sets of a recipe.

    Args:
        recipe: Names them.
        run: Began with them; None: a new one.

    Raises:
        InputError: One is not there, is given twice, or is not what the run began with.
    """
    folders = [open_source(source.source, DATA) for source in recipe.data if source.source != REPLAY]
    paths = [folder.path.resolve() for folder in folders]
    twice = next((folder for folder, path in zip(folders, paths, strict=True) if paths.count(path) > 1), None)
    if twice:
        raise InputError(f"'{twice.path}' is given twice", where="--data", hint="give it once, with a larger share")
    if run and [identity(folder) for folder in folders] != run.record["config"]["data"]:
        raise InputError("the data is not what the run began with", where=str(run.path), hint="make it as it was")
    return folders


def identity(folder: TaskFolder) -> dict[str, str]:
    """Says which data set it is, for run.json."""
    return {"task": folder.task, "path": folder.path.as_posix(), "fingerprint": folder.manifest.fingerprint}


def draw(recipe: Recipe, folders: list[TaskFolder], resolved: ResolvedModel) -> Rows:
    """Draws what the run will see: an epoch, or less if it surely ends before the first one does.

    Args:
        recipe: Shares, seed and length of the run.
        folders: Its data sets, in its order.
        resolved: The model, which knows the words of the replay.
    """
    shares = [source for source in recipe.data if source.source != REPLAY]
    named = list(zip(_names(folders, shares), folders, shares, strict=True))
    style = recipe.answer_style
    parts = [replace(read_part(folder, source.share, "train", style), name=name) for name, folder, source in named]
    validation = [
        replace(read_part(folder, source.share, "validation", style), name=name)
        for name, folder, source in named
        if recipe.eval_rows and folder.n_rows("validation")
    ]
    replay_source = next((source for source in recipe.data if source.source == REPLAY), None)
    replay = None
    n_dropped = 0
    if replay_source:
        words = replay_words(resolved)
        known = frozenset(families(words, "en"))
        dropped = [mix.drop_families(part, known) for part in parts]
        parts, n_dropped = [part for part, _ in dropped], sum(n for _, n in dropped)
        replayed = style if style != "auto" else resolved.answer_style
        replay = (replay_source.share, partial(_replay, words, replayed, recipe.training.seed))
    settings = recipe.training
    n = mix.epoch_rows(parts, replay_source.share if replay_source else 0.0)
    if settings.max_steps is not None and not settings.packing:  # how many examples a bin takes is not known yet
        n = min(n, settings.max_steps * examples_per_step(recipe))
    drawn = mix.mixed(parts, n, settings.seed, replay)
    evaluated = mix.mixed(validation, recipe.eval_rows, derive("eval", settings.seed)) if validation else {}
    return Rows(train=drawn, validation=list(evaluated.values()), n_dropped=n_dropped)


def _names(folders: list[TaskFolder], sources: list[Source]) -> list[str]:
    """Calls data sets by their task, and those of one task as they were given: each needs a name of its own."""
    tasks = [folder.task for folder in folders]
    return [task if tasks.count(task) == 1 else source.source for task, source in zip(tasks, sources, strict=True)]


def _replay(words: list[str], style: str, seed: int, n: int) -> pa.Table:
    counts = apportion(n, [1.0] * len(REPLAYED))
    return pa.concat_tables(
        as_text(questions(task, words, count, seed=seed, style="trace" if style == "trace" else "direct"), "auto")
        for task, count in zip(REPLAYED, counts, strict=True)
        if count
    )
