"""One case of the kit: a function that raises when something does not hold, and what came of it."""

import inspect
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sdp
from sdp.contract.deprecations import PluginDeprecationWarning
from sdp.errors import CheckFailed, SdpError

PACKAGE = Path(sdp.__file__).parent

Verdict = Literal["ok", "warned", "failed", "n/a"]
"""warned: it holds, in a way that a later sdp refuses."""
Case = Callable[[Any], str | None]
"""Takes a subject; returns what is worth telling. Its name and the first line of its docstring are shown."""


class CaseFailed(CheckFailed):
    """A case of the kit does not hold."""


class DoesNotApply(Exception):  # noqa: N818  (no error: the case has nothing to ask of this subject)
    """A case has nothing to ask here; the text says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case."""

    case: str
    title: str
    verdict: Verdict
    note: str = ""
    """A figure, or why the case does not apply."""
    what: str = ""
    where: str = ""
    hint: str = ""


def run_cases(cases: Iterable[Case], subject: Any) -> Iterator[Outcome]:
    """Runs cases, one after the other.

    Args:
        cases: One of the tables of cases.
        subject: What they ask.

    Yields:
        Verdicts. What several cases stumble over is told once.
    """
    told: dict[tuple[str, str], str] = {}
    for case in cases:
        outcome = run_case(case, subject)
        if outcome.what:
            first = told.setdefault((outcome.what, outcome.where), outcome.case)
            if first != outcome.case and outcome.verdict == "failed":
                outcome = Outcome(outcome.case, outcome.title, "n/a", note=f"stopped by what {first} tells")
            elif first != outcome.case:
                outcome = Outcome(outcome.case, outcome.title, "ok", note=outcome.note)
        yield outcome


def run_case(case: Case, subject: Any) -> Outcome:
    """Runs a case and catches whatever foreign code raises.

    Args:
        case: One of the tables of cases.
        subject: What it asks.

    Returns:
        Its verdict; a failure says what, where and how to mend it.
    """
    name, title = case.__name__, title_of(case)
    try:
        note, deprecated = _watched(case, subject)
        if deprecated is None:
            return Outcome(name, title, "ok", note=note)
        where = f"{deprecated.filename}:{deprecated.lineno}"
        what, _, hint = str(deprecated.message).partition(": ")
        return Outcome(name, title, "warned", note=note, what=what, where=where, hint=hint)
    except DoesNotApply as reason:
        return Outcome(name, title, "n/a", note=str(reason))
    except SdpError as error:
        where = error.where or place_of(subject.made)
        return Outcome(name, title, "failed", what=error.what, where=where, hint=error.hint or "")
    except Exception as error:  # noqa: BLE001  (a plugin may raise anything, and each case stands alone)
        what = f"it raised {traceback.format_exception_only(error)[-1].strip()}"
        where = place_of_error(error, subject.made) or place_of(subject.made)
        return Outcome(name, title, "failed", what=what, where=where, hint="put it right, or catch it where it arises")


def _watched(case: Case, subject: Any) -> tuple[str, warnings.WarningMessage | None]:
    """Runs a case, and keeps the first warning that something in the plugin will stop working; others go on."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", PluginDeprecationWarning)
        note = case(subject) or ""
    ours = [one for one in caught if issubclass(one.category, PluginDeprecationWarning)]
    for other in caught:
        if other not in ours:
            warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)
    return note, ours[0] if ours else None


def title_of(case: Case) -> str:
    """Gives the first line of a case's docstring without its full stop."""
    return (inspect.getdoc(case) or case.__name__).partition("\n")[0].rstrip(".")


def place_of(thing: type, method: str | None = None) -> str:
    """Finds file and line of a class, or of one of its methods.

    Args:
        thing: The class.
        method: One that the class or a parent outside sdp defines; the class's own line if it is not.
    """
    code = getattr(inspect.unwrap(getattr(thing, method, thing)), "__code__", None) if method else None
    if code is not None and not Path(code.co_filename).is_relative_to(PACKAGE / "contract"):
        return f"{code.co_filename}:{code.co_firstlineno}"
    try:
        return f"{inspect.getsourcefile(thing)}:{inspect.getsourcelines(thing)[1]}"
    except (OSError, TypeError):
        return f"{thing.__module__}.{thing.__qualname__}"


def place_of_error(error: BaseException, made: type) -> str:
    """Finds the last line of the plugin that an error went through, or else of anybody but sdp; maybe none."""
    folder = Path(getattr(sys.modules.get(made.__module__), "__file__", None) or PACKAGE).parent
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_file()]
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    foreign = [frame for frame in frames if not Path(frame.filename).is_relative_to(PACKAGE)]
    last = [*foreign, *own][-1:]
    return f"{last[0].filename}:{last[0].lineno}" if last else ""
