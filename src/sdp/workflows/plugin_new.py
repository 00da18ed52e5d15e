"""`sdp plugins new`: a whole plugin package that passes its own tests, to be changed into what its author wants."""

import re
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from shlex import quote
from typing import Final

import sdp.api
from sdp.errors import InputError
from sdp.plugins.local import PACKAGE
from sdp.plugins.manager import survey
from sdp.scaffold.fill import check_free, check_importable, fill, sdp_range

NAME: Final = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST: Final = 40
PREFIX: Final = "sdp-"
_USED: Final = frozenset({*sdp.api.__all__, "Random", "GeneratorCases"})
"""What the scaffold imports, or may be made to import: a class of that name would hide it."""


@dataclass(frozen=True, slots=True)
class NewPluginRequest:
    """What to begin."""

    name: str
    """Of the task, of the plugin, and, with ``sdp-`` before it, of the package."""
    folder: Path | None = None
    """The package's folder, which must not be there yet; ``sdp-<name>`` in the working folder if not given."""


@dataclass(frozen=True, slots=True)
class NewPlugin:
    """What lies there now."""

    name: str
    distribution: str
    package: str
    folder: Path
    files: tuple[str, ...]
    """Paths in the folder."""
    steps: tuple[str, ...]
    """What to type next."""


def new_plugin(request: NewPluginRequest) -> NewPlugin:
    """Writes a plugin package: task, tests, README, pyproject, CI.

    Args:
        request: Its name and place.

    Returns:
        What was written.

    Raises:
        InputError: The name cannot be used, or the folder is there already.
        ResourceError: The place is not writable.
    """
    name = request.name
    distribution = f"{PREFIX}{name.replace('_', '-')}"
    _check_name(name)
    folder = request.folder or Path(distribution)
    check_free(folder)
    _check_not_taken(name)
    words = {
        "name": name,
        "distribution": distribution,
        "package": f"sdp_{name}",
        "class": _class_name(name),
        "sdp": sdp_range(),
    }
    made = fill("plugin", words, folder)
    first = ("pip install -e '.[dev]'", "pytest", f"sdp plugins check {name}", f"sdp generate {name}")
    steps = (f"cd {quote(str(folder))}", *first)
    return NewPlugin(name, distribution, words["package"], folder, made, steps)


def _check_name(name: str) -> None:
    check_importable(name, where="NAME", instead=f"{name}_task")
    if f"sdp_{name}" == PACKAGE:
        what = f"the package would be called {PACKAGE}, as sdp calls the files of a project"
        raise InputError(what, where="NAME", hint=f"choose another name, such as {name}_task")
    if NAME.fullmatch(name) and len(name) <= LONGEST:
        return
    meant = re.sub("[^a-z0-9]+", "_", re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")
    meant = meant.removeprefix("sdp_")[:LONGEST].strip("_")
    hint = "a word such as rhyme: small letters a to z, digits, and _ between them"
    if NAME.fullmatch(meant):
        hint = f"did you mean '{meant}'? {hint}"
    raise InputError(f"a plugin cannot be called '{name}'", where="NAME", hint=hint)


def _check_not_taken(name: str) -> None:
    registry = survey()
    for plugin in registry.plugins:
        if name == plugin.name or name in plugin.provides.get("generators", ()):
            noun = "plugin" if name == plugin.name else "task"
            what = f"there is a {noun} '{name}' already, of {plugin.distribution}"
            raise InputError(what, where="NAME", hint="choose another name: two of one name clash")


def _class_name(name: str) -> str:
    camel = "".join(part.capitalize() for part in name.split("_"))
    return f"{camel}Task" if iskeyword(camel) or camel in _USED else camel
