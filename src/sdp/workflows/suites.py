"""`sdp bench --suite`: finding a suite by its file or name, checking what it names, and making its questions."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sdp.benchmarks.questions import SPLIT
from sdp.benchmarks.suite import SUFFIXES, Suite, SuiteTask, builtin_suite, builtin_suites, read_suite
from sdp.data.dataset import TaskFolder
from sdp.data.manifest import NAME, Manifest
from sdp.errors import ConfigError, InputError, SdpError, near
from sdp.plugins.local import working_project
from sdp.plugins.project import FILE
from sdp.progress import Progress
from sdp.synthesis.settings import Style, only
from sdp.synthesis.source import Source
from sdp.workflows.generate import GenerateRequest, generate, settings_of
from sdp.workflows.locate import ROOT, find_data
from sdp.workflows.question_sets import QuestionSets, read_sets

MADE = ROOT / "suites"


def find_suite(wanted: str) -> Suite:
    """Finds a suite and checks all that can be checked without a model.

    Args:
        wanted: A YAML file, or a name: of a suite that the project in the working folder lists, or of a built-in one.

    Raises:
        InputError: There is no such suite, task or data.
        ConfigError: It says something that cannot be; the message names its line.
    """
    suite = read_suite(Path(wanted)) if wanted.endswith(SUFFIXES) or "/" in wanted else _named(wanted)
    seen: dict[str, SuiteTask] = {}
    for one in suite.tasks:
        try:
            task = _check(one)
        except SdpError as e:
            raise type(e)(e.what, where=one.where, hint=e.hint) from e
        if task in seen:
            hint = f"it is in {seen[task].where} already; two of one task are two suites"
            raise ConfigError(f"the task '{task}' is there twice", where=one.where, hint=hint)
        seen[task] = one
    return suite


def _named(wanted: str) -> Suite:
    project = working_project()
    found: dict[str, Suite] = {}
    broken: dict[str, SdpError] = {}
    for path in [file.relative_to(project.root) for file in project.suites] if project else []:
        try:
            suite = read_suite(path)
        except SdpError as e:  # it matters only if it is the one that is asked for
            broken[path.stem] = e
            continue
        if suite.name in found or suite.name in builtin_suites():
            other = found[suite.name].file if suite.name in found else "sdp itself"
            what = f"two suites are called '{suite.name}': one of {suite.file}, one of {other}"
            raise ConfigError(what, where=suite.file, hint=f"give it another name, or take it out of {FILE}")
        found[suite.name] = suite
    if wanted in found:
        return found[wanted]
    if wanted in builtin_suites():
        return builtin_suite(wanted)
    if wanted in broken:
        raise broken[wanted]
    hint = near(wanted, [*found, *broken, *builtin_suites()]).replace("choices are", "suites are")
    raise InputError(f"there is no suite '{wanted}'", where="--suite", hint=f"{hint}; a file is named with its .yaml")


def _check(one: SuiteTask) -> str:
    """Looks whether what an entry names is there; gives its task."""
    if one.data is not None:
        folder = find_data(one.data)
        if not folder.n_rows(SPLIT):
            raise InputError(f"'{folder.path}' has no {SPLIT} rows", hint="name a task to have questions made")
        return folder.task
    request = _request(one, {})
    return Source.of(settings_of(request)).generator.name


def suite_questions(suite: Suite, style: Style, limit: int | None, seed: int, progress: Progress) -> QuestionSets:
    """Finds or makes the questions of a suite.

    Args:
        suite: From `find_suite`.
        style: Of the questions that are made.
        limit: Per task; None: all.
        seed: Of entries that have none of their own.
        progress: Shows rows.

    Raises:
        InputError: Fewer distinct questions than asked for, or a shard that was changed.
    """
    folders = []
    for one in suite.tasks:
        if one.data is not None:
            folders.append(find_data(one.data))
            continue
        out = MADE / suite.name / str(one.task)
        folders.append(_made(_request(one, {"seed": seed, "style": style, "out": out}), progress))
    return read_sets(folders, limit, [])


def _request(one: SuiteTask, how: dict[str, Any]) -> GenerateRequest:
    return GenerateRequest(**{"task": str(one.task), "ratios": only(SPLIT), **how, **one.settings})


def _made(request: GenerateRequest, progress: Progress) -> TaskFolder:
    """Makes questions, or takes those that an earlier bench made in the same way."""
    folder = Path(str(request.out))
    if (folder / NAME).is_file():
        made = Manifest.load(folder).fingerprint == Source.of(settings_of(request)).fingerprint
        request = replace(request, overwrite=not made)
    return TaskFolder.open(Path(generate(request, progress).folder))
