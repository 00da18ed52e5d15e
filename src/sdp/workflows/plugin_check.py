"""`sdp plugins check`: the cases of `sdp.testing`, run without a test file."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from typing import Any

from sdp.contract.augmenter import AugmentOptions
from sdp.contract.options import TaskOptions
from sdp.plugins.manager import survey
from sdp.progress import SILENT, Progress
from sdp.testing import (
    AUGMENTER_CASES,
    EXPORTER_CASES,
    GENERATOR_CASES,
    METRIC_CASES,
    VALIDATOR_CASES,
    AugmenterSubject,
    Case,
    CaseFailed,
    ExporterSubject,
    GeneratorSubject,
    MetricSubject,
    Outcome,
    ValidatorSubject,
    run_cases,
)
from sdp.testing.case import place_of
from sdp.testing.elsewhere import Elsewhere
from sdp.testing.questions import N_ROWS, WORDS
from sdp.workflows.plugin_target import Target, find_target

PLUGIN = "plugins"
"""Kind of the plugin itself, beside what it brings."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check, and with what."""

    target: str
    n: int = N_ROWS
    """Rows per task."""
    words: str = WORDS
    """Of finite tasks."""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class CheckedThing:
    """One class, or the plugin itself, and what came of its cases."""

    kind: str
    name: str
    where: str
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Cases that do not hold."""
        return tuple(outcome for outcome in self.outcomes if outcome.verdict == "failed")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of all."""

    target: str
    where: str
    things: tuple[CheckedThing, ...]
    n_cases: int
    n_failed: int


def check_plugin(request: CheckRequest, progress: Progress = SILENT) -> CheckResult:
    """Runs every case on everything that a plugin brings.

    Args:
        request: What to check.
        progress: Shows cases.

    Returns:
        All verdicts.

    Raises:
        InputError: There is no such plugin, thing, file or folder, or the words cannot be used.
        PluginError: The plugin cannot be loaded at all.
    """
    with redirect_stdout(sys.stderr):  # stdout is for results, whatever the plugin prints
        return _check(request, progress)


def _check(request: CheckRequest, progress: Progress) -> CheckResult:
    target = find_target(request.target)
    subjects = _subjects(target, request)
    elsewhere = Elsewhere([subject for _, subject, _ in subjects])
    things = []
    if target.whole:
        things.append(CheckedThing(PLUGIN, target.name, target.where, tuple(run_cases(PLUGIN_CASES, target))))
    with progress.bar(f"check {target.name}", sum(len(cases) for _, _, cases in subjects), "cases") as bar:
        for kind, subject, cases in subjects:
            subject.elsewhere = elsewhere
            outcomes = []
            for outcome in run_cases(cases, subject):
                outcomes.append(outcome)
                bar.advance()
            things.append(CheckedThing(kind, subject.made.name, place_of(subject.made), tuple(outcomes)))
    outcomes = [outcome for thing in things for outcome in thing.outcomes]
    n_failed = sum(outcome.verdict == "failed" for outcome in outcomes)
    return CheckResult(target.name, target.where, tuple(things), len(outcomes), n_failed)


def _subjects(target: Target, request: CheckRequest) -> list[tuple[str, Any, Sequence[Case]]]:
    options = TaskOptions(language=request.language)
    make: dict[str, tuple[Any, Sequence[Case]]] = {
        "generators": (
            partial(
                GeneratorSubject,
                options=options,
                words=request.words,
                n_rows=request.n,
                templates=tuple(target.template_dirs),
            ),
            GENERATOR_CASES,
        ),
        "validators": (partial(ValidatorSubject.of, n_rows=request.n), VALIDATOR_CASES),
        "metrics": (MetricSubject, METRIC_CASES),
        "exporters": (ExporterSubject, EXPORTER_CASES),
        "augmenters": (partial(AugmenterSubject, options=AugmentOptions(request.language)), AUGMENTER_CASES),
    }
    return [(kind, make[kind][0](made), make[kind][1]) for kind, made in target.things]


def hooks_work(target: Target) -> str:
    """Every hook can be asked, and gives a list of classes."""
    if target.faults:
        raise CaseFailed(
            "; ".join(target.faults),
            where=target.where,
            hint="a hook takes nothing, is marked with @hookimpl, and returns a list of classes, not of objects",
        )
    counts = {kind: len(classes) for kind, classes in target.classes.items() if classes}
    return ", ".join(f"{n} {kind if n > 1 else kind[:-1]}" for kind, n in counts.items())


def names_are_free(target: Target) -> None:
    """Nothing else that is installed has one of its names."""
    registry = survey()
    for kind, made in target.things:
        known = getattr(registry, kind).get(made.name)
        if known is not None and (known.__module__, known.__qualname__) != (made.__module__, made.__qualname__):
            raise CaseFailed(
                f"another of the {kind} is called '{made.name}': {known.__qualname__} of {known.__module__}",
                where=place_of(made),
                hint="choose another name: two of one name stop every verb",
            )
    if registry.clashes:
        raise CaseFailed("; ".join(registry.clashes), where=target.where, hint="rename or uninstall one of the two")


PLUGIN_CASES: tuple[Case, ...] = (hooks_work, names_are_free)
"""What holds for a plugin as a whole."""
