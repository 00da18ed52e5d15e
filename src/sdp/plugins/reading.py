"""Asks one plugin for everything it brings, hook by hook: what fails becomes a fault, the rest is kept."""

import inspect
import os
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pluggy

from sdp.contract.augmenter import Augmenter
from sdp.contract.exporter import Exporter
from sdp.contract.generator import ItemGenerator, RowGenerator
from sdp.contract.metric import Metric
from sdp.contract.validator import Validator
from sdp.errors import near
from sdp.plugins import hookspecs

KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "generators": (ItemGenerator, RowGenerator),
    "validators": (Validator,),
    "metrics": (Metric,),
    "exporters": (Exporter,),
    "augmenters": (Augmenter,),
}
"""Kind of class → what it must be a subclass of."""
HOOKS: Final = tuple(f"sdp_{kind}" for kind in (*KINDS, "template_dirs"))

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
"""A name is a word of the command line, a folder and a column."""

FOREIGN: Final = (Exception, SystemExit)
"""What may come out of foreign code, sys.exit() while it is imported included."""


@dataclass(frozen=True)
class Fault:
    """One thing in a plugin that does not work."""

    text: str
    error: BaseException | None = None

    @classmethod
    def of(cls, what: str, error: BaseException) -> "Fault":
        """Makes one of an exception: what was asked, what came, and from where."""
        last = traceback.extract_tb(error.__traceback__)[-1]
        text = traceback.format_exception_only(error)[-1].strip()
        return cls(f"{what}: {text} ({last.filename}:{last.lineno})", error)


@dataclass
class Contribution:
    """What one plugin brings."""

    classes: dict[str, list[Any]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    template_dirs: list[Path] = field(default_factory=list)
    suites: list[str] = field(default_factory=list)
    """Files of a project that `sdp bench --suite` finds by the name inside; there is no hook for them."""
    faults: list[Fault] = field(default_factory=list)


def read_plugin(plugin: Any) -> Contribution:
    """Asks a loaded plugin.

    Args:
        plugin: A module, or whatever else an entry point gives.

    Returns:
        What it brings, and what in it does not work.
    """
    found = Contribution()
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    for name in dir(plugin):
        function = getattr(plugin, name, None)
        if manager.parse_hookimpl_opts(plugin, name) is not None:
            _ask(name, function, found)
        elif name.startswith("sdp_") and inspect.isfunction(function) and function.__module__ == _module(plugin):
            found.faults.append(Fault(f"{name}: it is not marked with @hookimpl, so nobody calls it"))
    return found


def _ask(name: str, function: Any, found: Contribution) -> None:
    # A manager per hook: pluggy stops at the first implementation that does not fit its specification.
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    alone = SimpleNamespace(**{name: function})
    try:
        manager.register(alone)
    except pluggy.PluginValidationError as e:
        found.faults.append(Fault(f"{name}: it takes an argument that the hook does not have", e))
        return
    for hook in manager.get_hookcallers(alone) or ():
        if hook.name not in HOOKS:
            if not any(implementation.optionalhook for implementation in hook.get_hookimpls()):
                found.faults.append(Fault(f"{hook.name}: there is no such hook; {near(hook.name, HOOKS)}"))
            continue
        try:
            # pluggy leaves out None
            for things in hook() or [None]:
                _keep(hook.name, things, found)
        except FOREIGN as e:
            found.faults.append(Fault.of(hook.name, e))


def _keep(hook: str, things: Any, found: Contribution) -> None:
    if isinstance(things, str) or not hasattr(things, "__iter__"):
        found.faults.append(Fault(f"{hook}: it returned {things!r} where a list belongs"))
        return
    kind = hook.removeprefix("sdp_")
    for thing in things:
        fault = _fault_of_class(kind, thing) if kind in KINDS else _fault_of_folder(thing)
        if fault:
            found.faults.append(Fault(f"{hook}: {fault}"))
        elif kind in KINDS:
            found.classes[kind].append(thing)
        else:
            found.template_dirs.append(Path(thing))


def _fault_of_class(kind: str, thing: Any) -> str | None:
    if not (isinstance(thing, type) and issubclass(thing, KINDS[kind])):
        wanted = " or ".join(base.__name__ for base in KINDS[kind])
        if isinstance(thing, KINDS[kind]):
            made = type(thing).__name__
            return f"an object of {made} is not a subclass of {wanted}: return the class itself, {made} without ()"
        return f"{thing!r} is not a subclass of {wanted}"
    if inspect.isabstract(thing):
        return f"{thing.__name__} does not define {', '.join(sorted(getattr(thing, '__abstractmethods__', ())))}"
    name = getattr(thing, "name", None)
    if not (isinstance(name, str) and NAME.fullmatch(name)):
        return f"{thing.__name__}.name is {name!r}; a name is lower-case letters, digits and _"
    version = getattr(thing, "version", None)
    if kind == "generators" and (type(version) is not int or version < 1):
        return f"{thing.__name__}.version is {version!r}; it must be 1 or more: it is part of every row's id"
    return None


def _fault_of_folder(thing: Any) -> str | None:
    if not (isinstance(thing, str | os.PathLike) and isinstance(os.fspath(thing), str)):
        return f"{thing!r} is not a path"
    return None if Path(thing).is_dir() else f"{thing} is not a folder"


def _module(plugin: Any) -> str:
    return str(getattr(plugin, "__name__", type(plugin).__module__))
