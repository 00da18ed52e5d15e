"""The questions that a bench asks: data sets that lie there, and small ones of held-out words that it makes itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sdp.benchmarks.questions import SPLIT, Questions, read_questions
from sdp.data.dataset import TaskFolder
from sdp.data.manifest import NAME, Manifest
from sdp.errors import InputError
from sdp.plugins.manager import load
from sdp.progress import Progress
from sdp.synthesis.settings import Style
from sdp.workflows.generate import GenerateRequest, generate
from sdp.workflows.locate import ROOT, find_data

TASKS = ("spelling", "position", "count")
"""Asked wherever nothing else is said: what is trained, and what may follow from it."""

N_MADE = 1000
"""Questions of a test set made here."""

MADE = ROOT / "bench"


@dataclass(frozen=True)
class QuestionSets:
    """What will be asked."""

    tasks: list[Questions]
    notes: list[str]


def find_questions(
    names: Sequence[str], style: Style, limit: int | None, seed: int, progress: Progress
) -> QuestionSets:
    """Finds the questions of a bench.

    Args:
        names: Task folders, or task names under ./data. Empty: spelling, position and count, from ./data/<task> where
            it has test rows, else from a small set under ./data/bench/<task>, made now if it is not there; and every
            other task under ./data that has test rows.
        style: Of sets made here.
        limit: Questions per task.
        seed: Of sets made here.
        progress: Shows rows.

    Raises:
        InputError: No such data, no test rows, a shard that was changed, or one task twice.
    """
    notes: list[str] = []
    folders = [find_data(name) for name in names] if names else _usual(style, seed, notes, progress)
    tasks = [folder.task for folder in folders]
    for task in tasks:
        if tasks.count(task) > 1:
            raise InputError(f"two of the data sets are of the task '{task}'", where="--data", hint="bench them apart")
    return read_sets(folders, limit, notes)


def read_sets(folders: Sequence[TaskFolder], limit: int | None, notes: list[str]) -> QuestionSets:
    """Reads the questions of data sets, each of another task.

    Args:
        folders: Where they lie.
        limit: Questions per task; None: all.
        notes: What there is to say of them already.

    Raises:
        InputError: No test rows, or a shard that was changed.
    """
    generators = load().generators
    found = []
    for folder in folders:
        generator = generators.get(folder.task)
        if generator is None:
            notes.append(
                f"{folder.task}: no plugin knows this task, so any answer that is not empty counts as well-formed"
            )
        pattern = generator.answer_pattern if generator else r"(?s).+"
        found.append(read_questions(folder, pattern, limit))
    return QuestionSets(found, notes)


def _usual(style: Style, seed: int, notes: list[str], progress: Progress) -> list[TaskFolder]:
    there = [_there(task) for task in TASKS]
    missing = [task for task, folder in zip(TASKS, there, strict=True) if folder is None]
    made = {task: _made(task, style, seed, progress) for task in missing}
    if missing:
        where = f"{MADE.as_posix()}/"
        notes.append(
            f"no test rows in ./data for {', '.join(missing)}: their questions come from small sets of held-out words "
            f"in {where} ({N_MADE:,} each, answer style {style})"
        )
        progress.note(f"test sets of held-out words for {', '.join(missing)} are in {where}")
    return [folder or made[task] for task, folder in zip(TASKS, there, strict=True)] + _others()


def _there(task: str) -> TaskFolder | None:
    if not (ROOT / task / NAME).is_file():
        return None
    folder = TaskFolder.open(ROOT / task)
    return folder if folder.task == task and folder.n_rows(SPLIT) else None


def _others() -> list[TaskFolder]:
    paths = sorted(path.parent for path in ROOT.glob(f"*/{NAME}"))
    return [folder for path in paths if path.name not in TASKS and (folder := _there(path.name)) is not None]


def _made(task: str, style: Style, seed: int, progress: Progress) -> TaskFolder:
    """Makes a test set, or takes the one that an earlier bench made with the same settings."""
    folder = MADE / task
    replaces = False
    if (folder / NAME).is_file():
        settings = Manifest.load(folder).settings
        if (settings.get("n"), settings.get("seed"), settings.get("style")) == (N_MADE, seed, style):
            return TaskFolder.open(folder)
        replaces = True
    request = GenerateRequest(
        task, N_MADE, out=folder, seed=seed, style=style, ratios=(0.0, 0.0, 1.0), overwrite=replaces
    )
    return TaskFolder.open(Path(generate(request, progress).folder))
