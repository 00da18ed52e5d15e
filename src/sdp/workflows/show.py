"""`sdp show`: what a task asks, how, and what its data set holds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdp.contract.generator import ItemGenerator
from sdp.contract.rows import Row, id_to_text
from sdp.data.dataset import TaskFolder
from sdp.data.manifest import NAME
from sdp.plugins.manager import load
from sdp.synthesis.open_task import Picker, open_rows
from sdp.synthesis.rows import rows_table
from sdp.synthesis.settings import DataSettings, Style, only
from sdp.synthesis.source import Source, phrasings_of
from sdp.workflows.locate import ROOT


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """Which task, and how many rows."""

    task: str
    rows: int = 8
    split: str = "test"
    seed: int = 0
    style: Style = "direct"
    language: str = "en"
    root: Path = ROOT


@dataclass(frozen=True, slots=True)
class ShowResult:
    """A task at a glance."""

    task: str
    description: str
    strata: list[str]
    n_phrasings: int
    n_held_out: int
    rows: list[Row]
    folder: Path | None
    """Where the rows come from; None when they were made just now."""
    splits: dict[str, dict[str, Any]]
    """Of the data set: rows, words, floor."""


def show(request: ShowRequest) -> ShowResult:
    """Looks at a task.

    Args:
        request: Which.

    Returns:
        Rows of its data set if there is one, else rows made now.

    Raises:
        InputError: There is no such task.
    """
    generator = load().get_generator(request.task)()
    phrasings = phrasings_of(generator, request.language)
    path = request.root / request.task
    folder = TaskFolder.open(path) if (path / NAME).is_file() else None
    return ShowResult(
        task=generator.name,
        description=(generator.__doc__ or "").strip().splitlines()[0] if generator.__doc__ else "",
        strata=list(generator.strata) if isinstance(generator, ItemGenerator) else [],
        n_phrasings=len(phrasings),
        n_held_out=sum(phrasing.held_out for phrasing in phrasings),
        rows=[_row(raw) for raw in (_stored(folder, request) if folder else _made(request))],
        folder=folder.path if folder else None,
        splits={name: facts.model_dump() for name, facts in folder.manifest.splits.items()} if folder else {},
    )


def _stored(folder: TaskFolder, request: ShowRequest) -> list[dict[str, Any]]:
    split = request.split if folder.n_rows(request.split) else next(iter(folder.manifest.splits))
    rows: list[dict[str, Any]] = []
    for batch in folder.batches(split):
        rows += batch.slice(0, request.rows - len(rows)).to_pylist()
        if len(rows) >= request.rows:
            break
    return rows


def _made(request: ShowRequest) -> list[dict[str, Any]]:
    settings = DataSettings(
        task=request.task,
        n=request.rows,
        seed=request.seed,
        style=request.style,
        language=request.language,
        ratios=only(request.split),
    )
    source = Source.of(settings)
    if isinstance(source.generator, ItemGenerator):
        table, _ = rows_table(source.plan, source.plan.splits[request.split], 0, request.rows)
    else:
        indices = Picker(source).pick({request.split: request.rows})[request.split]
        table = open_rows(source, request.split, indices)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _row(raw: dict[str, Any]) -> Row:
    return Row(**{**raw, "id": id_to_text(raw["id"])})
