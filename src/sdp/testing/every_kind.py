"""Cases that every kind of plugin class has."""

import ast
import inspect
import pickle
import re
import sys
import traceback
from pathlib import Path

from sdp.plugins.reading import NAME
from sdp.testing.case import Case, CaseFailed, place_of
from sdp.testing.elsewhere import require_importable, sources
from sdp.testing.global_random import culprit, moved_by
from sdp.testing.subject import Subject, difference

PUBLIC = ("sdp.api", "sdp.testing")
SHARED_NAMES = ("tests", "generators", "validators", "benchmarks", "sdp_project")
"""Folders of a project: their files are plugins of their own, and not one package."""


def declares_itself(subject: Subject) -> None:
    """It has a name and a docstring, and stands where other processes find it."""
    made = subject.made
    name = getattr(made, "name", None)
    if not (isinstance(name, str) and NAME.fullmatch(name)):
        raise CaseFailed(
            f"{made.__name__}.name is {name!r}", where=place_of(made), hint="lower-case letters, digits and _, as text"
        )
    if not (made.__doc__ or "").strip():
        raise CaseFailed(
            f"{made.__name__} has no docstring",
            where=place_of(made),
            hint="say in one sentence what it does; `sdp plugins show` prints it",
        )
    if inspect.isabstract(made):
        missing = ", ".join(sorted(getattr(made, "__abstractmethods__", ())))
        raise CaseFailed(f"{made.__name__} does not define {missing}", where=place_of(made), hint=f"define {missing}")
    require_importable(made)
    subject.instance()


def imports_lightly(subject: Subject) -> None:
    """Importing its module brings in no torch, transformers, pandas or their like."""
    report, _ = next(iter(subject.elsewhere.of(subject).values()))
    for module, _ in sources(subject):
        for library, where in report.heavy.get(module, {}).items():
            raise CaseFailed(
                f"importing {module} imports {library}",
                where=where,
                hint=f"import {library} in the method that needs it: every verb that loads plugins waits for it",
            )


def imports_the_api_alone(subject: Subject) -> None:
    """Of sdp it imports sdp.api alone: the rest may change without notice."""
    top = subject.made.__module__.split(".")[0]
    if top == "sdp":
        return
    names = [subject.made.__module__, *sorted(name for name in sys.modules if name.split(".")[0] == top)]
    files = [getattr(sys.modules[name], "__file__", None) for name in dict.fromkeys(names)]
    for file in files if top not in SHARED_NAMES else files[:1]:
        if file:
            _check_imports(Path(file))


def _check_imports(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"sdp.{alias.name}" for alias in node.names] if node.module == "sdp" else [str(node.module)]
        else:
            continue
        for name in names:
            if re.match(r"sdp(\.|$)", name) and name not in PUBLIC:
                raise CaseFailed(
                    f"it imports {name}, which may change without notice",
                    where=f"{file}:{node.lineno}",
                    hint="import from sdp.api; what is missing there is a fault of ours, so report it",
                )


def does_its_work(subject: Subject) -> str:
    """It does what it is for, and gives it in the form that the contract names."""
    return f"{len(subject.done)} results"


def travels(subject: Subject) -> None:
    """It can be pickled, and does the same where it arrives."""
    try:
        pickle.dumps(subject.instance())
    except Exception as error:
        said = traceback.format_exception_only(error)[-1].strip()
        raise CaseFailed(
            f"{subject.made.__name__} cannot be pickled: {said}",
            where=place_of(subject.made, "__init__"),
            hint="keep files, locks and lambdas out of the instance, or make them when they are first needed",
        ) from error
    subject.require_steady()
    seen = next(iter(subject.elsewhere.of(subject).values()))[1]
    if seen.travel_error:
        raise CaseFailed(
            f"{subject.made.__name__} fails after it was pickled: {seen.travel_error}",
            where=place_of(subject.made),
            hint="define __reduce__ or __getstate__ so that nothing is lost on the way",
        )
    if found := difference(seen.work or [], seen.travelled or []):
        number, here, there = found
        raise CaseFailed(
            f"after it was pickled, result {number} is another: {here} before, {there} after",
            where=place_of(subject.made, subject.method),
            hint="keep all that has a say in the instance's attributes",
        )


def repeats_itself(subject: Subject) -> None:
    """The same again gives the same, from the same instance and from a new one."""
    works = {"made anew": (subject.done, subject.again)}
    if not subject.one_use:
        instance = subject.instance()
        works["asked again"] = (subject.work(instance), subject.work(instance))
    for when, (first, again) in works.items():
        if found := difference(first, again):
            number, one, other = found
            raise CaseFailed(
                f"{when}, result {number} is another: {one}, then {other}",
                where=place_of(subject.made, subject.method),
                hint="use no clock, no os.urandom, no random numbers without a seed, and keep no state between calls",
            )


def is_the_same_in_any_process(subject: Subject) -> str:
    """The same in other processes, whatever PYTHONHASHSEED makes of the order of sets."""
    subject.require_steady()
    for seed, (_, seen) in subject.elsewhere.of(subject).items():
        if seen.error:
            raise CaseFailed(
                f"in another process it fails: {seen.error}",
                where=place_of(subject.made),
                hint="what one process has set up, such as a module's globals, is not there in the next",
            )
        if found := difference(subject.done, seen.work or []):
            number, here, there = found
            raise CaseFailed(
                f"result {number} differs between processes: {here} here, {there} with PYTHONHASHSEED={seed}",
                where=place_of(subject.made, subject.method),
                hint="the order of a set is another in every process: write sorted(set(…)), and use no hash()",
            )
    return f"{1 + len(subject.elsewhere.of(subject))} processes"


def leaves_global_random_alone(subject: Subject) -> None:
    """It neither draws from nor seeds the random numbers that a whole process shares."""
    instance = subject.instance()
    for library in moved_by(lambda: subject.work(instance)):
        where = culprit(lambda: subject.work(subject.instance())) or place_of(subject.made, subject.method)
        raise CaseFailed(
            f"it uses the global random numbers of {library}",
            where=where,
            hint="draw from the `rng` that is handed over, or from a Random of your own, seeded by what is asked",
        )


COMMON: tuple[Case, ...] = (
    declares_itself,
    imports_lightly,
    imports_the_api_alone,
    does_its_work,
    travels,
    repeats_itself,
    is_the_same_in_any_process,
    leaves_global_random_alone,
)
"""What holds for every kind."""
