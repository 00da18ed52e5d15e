"""`sdp templates list`: the phrasings of tasks, and which of them are held out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sdp.errors import TemplateError, near
from sdp.plugins.manager import load
from sdp.templates.folders import languages_of
from sdp.templates.phrasing import Phrasing, families_of, load_phrasings

Style = Literal["direct", "trace"]


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Whose phrasings."""

    tasks: tuple[str, ...] = ()
    """All that have some in the language if none is named."""
    language: str = "en"
    style: Style = "direct"
    templates: tuple[Path, ...] = ()
    """Folders of the user's own."""


@dataclass(frozen=True, slots=True)
class ListedPhrasing:
    """One phrasing."""

    task: str
    family: str
    hash: str
    held_out: bool
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class PhrasingList:
    """Phrasings, family by family."""

    language: str
    style: Style
    phrasings: tuple[ListedPhrasing, ...]
    families: dict[str, dict[str, int]]
    """Task → family → phrasings."""


def list_phrasings(request: ListRequest) -> PhrasingList:
    """Loads phrasings.

    Args:
        request: Whose.

    Returns:
        Those of the style, by task, family and place in the file.

    Raises:
        InputError: There is no such task.
        TemplateError: They cannot be loaded, or there are none.
    """
    found = [phrasing for task in _tasks(request) for phrasing in _of_task(task, request)]
    if not found:
        known = {language for task in load().generators for language in languages_of(task)}
        raise TemplateError(
            f"no task has phrasings in language '{request.language}'",
            where="--language",
            hint=near(request.language, known).replace("choices are", "languages are"),
        )
    counts = {task: Counter[str]() for task in dict.fromkeys(phrasing.task for phrasing in found)}
    for phrasing in found:
        counts[phrasing.task][phrasing.family] += 1
    families = {task: dict(counted) for task, counted in counts.items()}
    return PhrasingList(request.language, request.style, tuple(map(_listed, found)), families)


def _tasks(request: ListRequest) -> Iterator[str]:
    if request.tasks:
        yield from dict.fromkeys(request.tasks)
        return
    for task, kind in load().generators.items():
        folders = (*load().template_dirs, *request.templates)
        if kind.templates or any(families_of(task, request.language, folders)):
            yield task


def _of_task(task: str, request: ListRequest) -> list[Phrasing]:
    registry = load()
    kind = registry.get_generator(task)
    loaded = load_phrasings(
        task, request.language, registry.template_dirs, kind.templates, request.style, own=request.templates
    )
    return sorted(loaded, key=lambda phrasing: (phrasing.family, phrasing.file, phrasing.line))


def _listed(phrasing: Phrasing) -> ListedPhrasing:
    return ListedPhrasing(
        phrasing.task, phrasing.family, phrasing.hash, phrasing.held_out, phrasing.where, phrasing.text
    )
