"""`sdp new`: a study's folder, with a first task, phrasings, check, suite and tests that run."""

import re
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shlex import quote
from typing import Final

from sdp.benchmarks.suite import builtin_suites
from sdp.errors import InputError
from sdp.plugins.local import PACKAGE
from sdp.scaffold.fill import check_free, check_importable, fill, sdp_range

NAME: Final = re.compile("[a-z][a-z0-9]*([-_][a-z0-9]+)*")
FOLDERS: Final = ("src", "generators", "templates", "validators", "benchmarks", "exports", "tests", "docs")
"""Of a study; the package in src/ needs another name."""


@dataclass(frozen=True, slots=True)
class NewProjectRequest:
    """What to begin."""

    folder: Path
    """Not there yet; its last part is the study's name."""


@dataclass(frozen=True, slots=True)
class NewProject:
    """What lies there now."""

    name: str
    package: str
    """In ``src/``, and the name of the first suite."""
    folder: Path
    files: tuple[str, ...]
    """Paths in the folder."""
    steps: tuple[str, ...]
    """What to type next."""


def new_project(request: NewProjectRequest) -> NewProject:
    """Writes a study's folder.

    Args:
        request: Where.

    Returns:
        What was written.

    Raises:
        InputError: The name cannot be used, or the folder is there already.
        ResourceError: The place is not writable.
    """
    folder = request.folder
    name = folder.name
    _check_name(name, folder)
    check_importable(name, where="PROJECT", instead=f"{name}-study")
    check_free(folder)
    package = name.replace("-", "_")
    _check_not_taken(package)
    made = fill("project", {"name": name, "package": package, "sdp": sdp_range()}, folder)
    first = ("sdp plugins", "sdp generate backwards", f"sdp bench --suite {package}", "pytest")
    steps = (f"cd {quote(str(folder))}", *first)
    return NewProject(name, package, folder, made, steps)


def _check_name(name: str, folder: Path) -> None:
    if NAME.fullmatch(name):
        return
    meant = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
    hint = "a folder such as my-study: small letters a to z, digits, and - or _ between them"
    if NAME.fullmatch(meant):
        hint = f"did you mean '{folder.parent / meant}'? {hint}"
    raise InputError(f"a project cannot be called '{name or folder}'", where="PROJECT", hint=hint)


def _check_not_taken(package: str) -> None:
    """Refuses a name under which something else is imported: the package in ``src/`` would hide it, or be hidden."""
    taken = None
    if package in builtin_suites():
        taken = f"there is a suite '{package}' already, and the first one is called as its project"
    elif package in FOLDERS:
        taken = f"a project has a folder '{package}' already"
    elif package == PACKAGE:
        taken = f"'{package}' is what sdp calls the files of a project already"
    elif package in sys.stdlib_module_names or _is_installed(package):
        taken = f"'{package}' is a Python package that is there already"
    if taken:
        hint = f"choose another name, such as {package}-study"
        raise InputError(taken, where="PROJECT", hint=hint)


def _is_installed(package: str) -> bool:
    spec = find_spec(package)
    return spec is not None and spec.origin is not None  # a folder that merely lies on the path has none
