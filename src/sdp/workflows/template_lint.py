"""`sdp templates lint`: every fault in phrasings, not only the first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sdp.contract.generator import Generator, ItemGenerator
from sdp.contract.schema import open_fields
from sdp.errors import InputError, TemplateError, near
from sdp.plugins.manager import load
from sdp.synthesis.blame import blame
from sdp.templates.folders import SUFFIX, Family, in_folder, languages_of, layout
from sdp.templates.lint import faults, near_duplicates
from sdp.templates.phrasing import Phrasing, families_of, hold_out, phrasings_in, phrasings_of_class

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class LintRequest:
    """What to check: files, folders, or with neither everything that is installed."""

    paths: tuple[Path, ...] = ()
    task: str | None = None
    """For files that do not lie in <language>/<task>; without paths, the only task to check."""
    language: str = "en"
    """For files that do not lie in <language>/<task>."""


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """One thing to put right."""

    where: str | None
    """File and line; None where something is missing altogether."""
    what: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class LintResult:
    """What was found."""

    n_phrasings: int
    faults: tuple[TemplateFault, ...]


@dataclass(slots=True)
class _Found:
    """Phrasings of one task and language, and the families that a path adds to them."""

    task: str
    language: str
    families: list[Family] = field(default_factory=list)


def lint_templates(request: LintRequest) -> LintResult:
    """Checks phrasings against what the answers of their tasks depend on.

    Args:
        request: Which.

    Returns:
        Every fault, not only the first.

    Raises:
        InputError: There is no such task or path, or a path does not say what task it is for.
    """
    registry = load()
    if request.task is not None:
        registry.get_generator(request.task)
    groups = [group for path in dict.fromkeys(request.paths) for group in _groups(path, request)]
    if not request.paths:
        groups = _installed(request.task)
    n_phrasings, found = 0, dict[TemplateFault, None]()
    for group in groups:
        if group.task not in registry.generators:
            found[_no_task(group, registry.generators)] = None
            continue
        n, errors = _check(group, registry.generators[group.task])
        n_phrasings += n
        found.update((TemplateFault(error.where, error.what, error.hint), None) for error in errors)
    return LintResult(n_phrasings, tuple(found))


def _installed(only: str | None) -> list[_Found]:
    """Everything packaged, in plugins' folders and in classes."""
    registry = load()
    found = []
    for task in registry.generators if only is None else (only,):
        of_folders = {language for folder in registry.template_dirs for language, of in layout(folder) if of == task}
        # Inline phrasings count for every language; one is enough to check them in.
        languages = of_folders | set(languages_of(task)) or {"en"}
        found += [_Found(task, language) for language in sorted(languages)]
    return found


def _groups(path: Path, request: LintRequest) -> Iterator[_Found]:
    """Finds out what tasks and languages a path is for."""
    if not path.exists():
        raise InputError("there is no such file or folder", where=str(path))
    if path.is_file():
        task, language = _meant(path.absolute().parent, request)
        yield _Found(task, language, [Family(path.stem, path.as_posix(), path)])
        return
    pairs = [(language, task) for language, task in layout(path) if request.task in {None, task}]
    for language, task in pairs:
        yield _Found(task, language, list(in_folder(path / language / task, task, language)))
    if any(path.glob(f"*{SUFFIX}")):
        task, language = _meant(path.absolute(), request)
        yield _Found(task, language, list(in_folder(path, task, language)))
    elif not pairs:
        raise InputError(
            f"the folder has no {SUFFIX} files{f' for {request.task}' if request.task else ''}",
            where=str(path),
            hint=f"put them into {path.as_posix()}/<language>/<task>, or right into the folder",
        )


def _meant(folder: Path, request: LintRequest) -> tuple[str, str]:
    """Task and language of the files right in a folder: as told, or as the folders around them say."""
    task = request.task or (folder.name if folder.name in load().generators else None)
    if task is None:
        raise InputError(
            "it does not show what task these phrasings are for",
            where=str(folder),
            hint="name it with --task, or lay the folder out as <language>/<task>/*.jinja",
        )
    told = folder.name == task and _LANGUAGE.fullmatch(folder.parent.name)
    return task, folder.parent.name if told else request.language


def _check(group: _Found, kind: type[Generator]) -> tuple[int, list[TemplateError]]:
    """Checks the phrasings of a path together with the installed ones; gives their number and faults."""
    own = group.families
    own_files = {Path(str(family.file)).resolve() for family in own}
    installed = families_of(group.task, group.language, load().template_dirs)
    families = [family for family in installed if Path(str(family.file)).resolve() not in own_files] + own
    made = [
        *phrasings_of_class(kind.templates, group.task, group.language),
        *(one for family in families for one in _read(family, group)),
    ]
    phrasings = hold_out(one for one in made if isinstance(one, Phrasing))
    errors = [one for one in made if isinstance(one, TemplateError)]
    with blame(f"{kind.name}: making the task", kind):
        strata = _strata(kind())
    # As they stand, not by hash: of two that are alike, the later one is the one to change.
    order = {one.where: i for i, one in enumerate(made) if isinstance(one, Phrasing)}
    phrasings.sort(key=lambda phrasing: order[phrasing.where])
    errors += [*faults(phrasings, strata), *near_duplicates(phrasings)]
    if not own:
        return len(phrasings), errors
    shown = {family.shown for family in own}
    return (
        sum(phrasing.file in shown for phrasing in phrasings),
        # What is wrong with the installed ones is not the user's to put right.
        [error for error in errors if error.where is None or error.where.rpartition(":")[0] in shown],
    )


def _read(family: Family, group: _Found) -> Iterator[Phrasing | TemplateError]:
    found = list(phrasings_in(family, group.task, group.language))
    yield from found or [TemplateError("there is no phrasing in the file", where=f"{family.shown}:1")]


def _strata(generator: Generator) -> list[frozenset[str]]:
    """Per stratum, the fields that determine the answer."""
    if isinstance(generator, ItemGenerator):
        return [generator.fields(stratum) for stratum in range(len(generator.strata))]
    return [open_fields(generator)]


def _no_task(group: _Found, tasks: Iterable[str]) -> TemplateFault:
    hint = near(group.task, tasks).replace("choices are", "tasks are")
    return TemplateFault(group.families[0].shown, f"there is no task '{group.task}'", hint)
