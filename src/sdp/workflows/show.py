"""`sdp show`: what a task asks, how, and what its data set holds."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdp.contract.generator import Generator, ItemGenerator
from sdp.contract.rows import Row, id_to_text
from sdp.data.dataset import TaskFolder
from sdp.data.manifest import NAME, Manifest
from sdp.errors import InputError, near
from sdp.plugins.manager import load
from sdp.synthesis.settings import DataSettings, Style, only
from sdp.synthesis.source import Source
from sdp.workflows.locate import ROOT, find_data
from sdp.workflows.show_rows import first_rows, made_rows, sampled_rows


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """Which task or data set, and which of its rows."""

    task: str
    """A task's name, or the folder of a data set."""
    rows: int = 8
    """The first ones of a split; 0 with `stats` alone."""
    split: str | None = None
    """If not given: test for the first rows, all of them for a sample."""
    seed: int = 0
    style: Style = "direct"
    """Of rows that are made now, as `language`."""
    language: str = "en"
    root: Path = ROOT
    sample: int | None = None
    """This many random rows instead of the first ones, shared out over the splits by their sizes."""
    stats: bool = False
    """Insists on a data set: a task alone has no statistics."""


@dataclass(frozen=True, slots=True)
class ShowResult:
    """A task at a glance."""

    task: str
    description: str
    """Empty for a data set whose task is not installed here."""
    strata: list[str]
    n_phrasings: int
    n_held_out: int
    rows: list[Row]
    folder: Path | None
    """Where the rows come from; None when they were made just now."""
    splits: dict[str, dict[str, Any]]
    """Of the data set: rows, words, floor."""
    manifest: Manifest | None
    """Of the data set."""


def show(request: ShowRequest) -> ShowResult:
    """Looks at a task or a data set.

    Args:
        request: Which.

    Returns:
        Rows of the data set if there is one, else rows made now.

    Raises:
        InputError: There is no such task, folder or split.
    """
    folder = _folder(request)
    if folder is None and request.stats:
        find_data(request.task, request.root)  # says what there is instead
    return _of_folder(folder, request) if folder else _of_task(request)


def _folder(request: ShowRequest) -> TaskFolder | None:
    """Opens the data set that is meant; None if there is only a task of that name."""
    for path in (Path(request.task), request.root / request.task):
        if (path / NAME).is_file():
            return TaskFolder.open(path)
    if request.task in load().generators:
        return None
    if Path(request.task).is_dir():
        return TaskFolder.open(Path(request.task))  # says that it has no manifest
    if os.sep in request.task:
        raise InputError(
            f"there is no folder '{request.task}'", where=str(Path.cwd()), hint="a task, or a data set's folder"
        )
    return None


def _of_folder(folder: TaskFolder, request: ShowRequest) -> ShowResult:
    manifest = folder.manifest
    if request.split and request.split not in manifest.splits:
        raise InputError(
            f"'{folder.path}' has no {request.split} rows",
            where=str(folder.path),
            hint=near(request.split, manifest.splits),
        )
    kind = load().generators.get(manifest.task)  # not needed: a stranger's data set can be looked at as well
    if request.sample is None:
        rows = first_rows(folder, request.split, request.rows)
    else:
        rows = sampled_rows(folder, request.split, request.sample, request.seed)
    strata = (name for facts in manifest.splits.values() for name in facts.strata)
    return ShowResult(
        task=manifest.task,
        description=_description(kind),
        strata=list(dict.fromkeys(strata)) or _strata(kind),
        n_phrasings=len(manifest.phrasings),
        n_held_out=sum(phrasing.held_out for phrasing in manifest.phrasings),
        rows=[_row(raw) for raw in rows],
        folder=folder.path,
        splits={name: facts.model_dump() for name, facts in manifest.splits.items()},
        manifest=manifest,
    )


def _of_task(request: ShowRequest) -> ShowResult:
    source = Source.of(_settings(request))
    kind = type(source.generator)
    return ShowResult(
        task=kind.name,
        description=_description(kind),
        strata=_strata(kind),
        n_phrasings=len(source.phrasings),
        n_held_out=sum(phrasing.held_out for phrasing in source.phrasings),
        rows=[_row(raw) for raw in made_rows(source)],
        folder=None,
        splits={},
        manifest=None,
    )


def _settings(request: ShowRequest) -> DataSettings:
    """Asks for as many rows as are to be shown; those of a task without data are a sample in any case."""
    settings = DataSettings(
        task=request.task,
        n=request.rows if request.sample is None else request.sample,
        seed=request.seed,
        style=request.style,
        language=request.language,
    )
    split = request.split or (None if request.sample else "test")
    return settings.model_copy(update={"ratios": only(split)}) if split else settings


def _description(kind: type[Generator] | None) -> str:
    return kind.__doc__.strip().splitlines()[0] if kind and kind.__doc__ else ""


def _strata(kind: type[Generator] | None) -> list[str]:
    return list(kind.strata) if kind and issubclass(kind, ItemGenerator) else []


def _row(raw: dict[str, Any]) -> Row:
    return Row(**{**raw, "id": id_to_text(raw["id"])})
