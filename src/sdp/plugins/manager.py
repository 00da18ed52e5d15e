"""Finds plugins, loads them one by one, and puts together what they bring."""

import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from sdp import __version__
from sdp.errors import PluginError, near
from sdp.plugins.installed import distribution_name, distribution_version, installed_points, package_of
from sdp.plugins.local import PACKAGE, import_listed, working_project
from sdp.plugins.project import FILE, PREFIX, Listed, Project
from sdp.plugins.project import KINDS as LISTS
from sdp.plugins.ranges import unmet
from sdp.plugins.reading import FOREIGN, KINDS, Contribution, Fault, read_plugin
from sdp.plugins.registry import PluginInfo, Registry, Status

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE: Final = "SDP_PLUGINS"
BUILTIN: Final = "sdp.builtin"
"""Loaded by name, through the same door as everybody: this package must not import what stands above it."""


@cache
def load() -> Registry:
    """Loads everything, once per process.

    Returns:
        What is there to be used.

    Raises:
        PluginError: Two plugins claim one name, or ``SDP_PLUGINS`` names one that is not installed.
        ConfigError: The ``[project]`` table of the working folder's ``sdp.toml`` cannot be used.
    """
    registry = survey()
    if registry.clashes:
        hint = f"uninstall or rename one of them, or name those to load in {VARIABLE}"
        raise PluginError("; ".join(registry.clashes), hint=hint)
    return registry


def survey() -> Registry:
    """Loads what can be loaded and says what cannot, clashes included.

    Returns:
        What is there; of two things with one name, the first.

    Raises:
        PluginError: ``SDP_PLUGINS`` names a plugin that is not installed.
        ConfigError: The ``[project]`` table of the working folder's ``sdp.toml`` cannot be used.
    """
    points, unreadable = installed_points()
    project = working_project()
    listed = project.listed if project else ()
    wanted = _wanted({point.name for point in points} | {one.name for one in listed})
    merge = _Merge()
    merge.load(PluginInfo("builtin", BUILTIN, "sdp", __version__, "loaded"), _builtin)
    for name, reason in unreadable.items():
        merge.leave_out(PluginInfo(name, "", name, "", "failed"), reason)
    for point in points:
        info = PluginInfo(point.name, point.value, distribution_name(point), distribution_version(point), "off")
        if point.name not in wanted:
            merge.leave_out(info, f"not in {VARIABLE}")
        elif package_of(point) == PACKAGE:  # in a project it would be hidden by the project's files
            reason = f"its package cannot be called {PACKAGE}: sdp calls the files of a project so"
            merge.leave_out(replace(info, status="failed"), reason)
        elif point.dist and (unfit := unmet(point.dist)):
            merge.leave_out(replace(info, status="failed"), unfit)
        elif merge.claim("plugins", point.name, info.distribution):
            merge.load(info, partial(_load, point))
        else:
            merge.leave_out(info, "another plugin has this name")
    if project:
        _add_project(project, wanted, merge)
    return merge.registry()


def _add_project(project: Project, wanted: set[str], merge: "_Merge") -> None:
    for one in project.listed:
        info = PluginInfo(one.name, one.path, project.name, "", "off")
        if one.name not in wanted:
            merge.leave_out(info, f"not in {VARIABLE}")
        elif not one.is_there:
            merge.leave_out(replace(info, status="failed"), f"there is no {one.kind} '{one.path}'")
        else:
            merge.load(info, partial(_load_listed, one))
    for path in project.unlisted():
        info = PluginInfo(f"{PREFIX}{path}", path, project.name, "", "off")
        merge.leave_out(info, f"it lies there, but {FILE} does not list it")


def _wanted(installed: set[str]) -> set[str]:
    value = os.environ.get(VARIABLE)
    if value is None:
        return installed
    names = {name.strip() for name in value.split(",") if name.strip()} - {"builtin"}
    for name in sorted(names - installed):
        hint = near(name, installed).replace("choices are", "plugins are")
        raise PluginError(f"plugin '{name}' is not installed", where=VARIABLE, hint=hint)
    return names


def _builtin() -> Contribution:
    found = read_plugin(import_module(BUILTIN))
    for fault in found.faults:
        # What is built in is ours: a fault in it is a bug, and must not be listed and passed over.
        raise RuntimeError(f"{BUILTIN}: {fault.text}") from fault.error
    return found


def _load(point: EntryPoint) -> Contribution:
    return _read(point.load)


def _load_listed(listed: Listed) -> Contribution:
    if listed.key == "templates":
        return Contribution(template_dirs=[listed.file])
    if not listed.is_module:  # a suite, which `sdp bench` reads when it is asked for
        return Contribution(suites=[listed.path])
    found = _read(partial(import_listed, listed))
    kind = LISTS[listed.key]
    if not found.classes[kind] and not found.faults:
        what = f"{FILE} lists it under {listed.key}, and it brings no {kind}"
        found.faults.append(Fault(f"{what}: return them from a function sdp_{kind} that is marked with @hookimpl"))
    return found


def _read(load_plugin: Callable[[], Any]) -> Contribution:
    try:
        with redirect_stdout(sys.stderr):  # stdout is for results
            return read_plugin(load_plugin())
    except FOREIGN as e:
        return Contribution(faults=[Fault.of("import", e)])


class _Merge:
    """Puts contributions together; whoever comes first keeps a name."""

    def __init__(self) -> None:
        self._classes: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        self._template_dirs: list[Path] = []
        self._plugins: list[PluginInfo] = []
        self._clashes: list[str] = []
        self._owners: dict[tuple[str, str], str] = {("plugins", "builtin"): "sdp"}

    def claim(self, kind: str, name: str, distribution: str) -> bool:
        """Notes who brings a thing; False, and a clash, if somebody has."""
        owner = self._owners.get((kind, name))
        if owner is not None:
            self._clashes.append(f"two {kind} are called '{name}': one of {owner}, one of {distribution}")
            return False
        self._owners[kind, name] = distribution
        return True

    def leave_out(self, info: PluginInfo, reason: str) -> None:
        """Lists a plugin that is not asked."""
        self._plugins.append(replace(info, reasons=(reason,)))

    def load(self, info: PluginInfo, ask: Callable[[], Contribution]) -> None:
        """Asks a plugin, and keeps how long that took."""
        start = perf_counter()
        found = ask()
        self.add(replace(info, import_s=perf_counter() - start), found)

    def add(self, info: PluginInfo, found: Contribution) -> None:
        """Takes in what a plugin brings."""
        owner = info.name if info.name.startswith(PREFIX) else info.distribution
        provides: dict[str, tuple[str, ...]] = {}
        reasons = [fault.text for fault in found.faults]
        for kind, classes in found.classes.items():
            free = [cls for cls in classes if self.claim(kind, cls.name, owner)]
            self._classes[kind].update({cls.name: cls for cls in free})
            provides[kind] = tuple(cls.name for cls in free)
            taken = [cls.name for cls in classes if cls not in free]
            reasons += [f"{kind}: the name '{name}' is taken by {self._owners[kind, name]}" for name in taken]
        self._template_dirs += found.template_dirs
        provides["template_dirs"] = tuple(map(str, found.template_dirs))
        provides["suites"] = tuple(found.suites)
        provides = {kind: names for kind, names in provides.items() if names}
        status: Status = "loaded" if not reasons else "partial" if provides else "failed"
        self._plugins.append(replace(info, status=status, reasons=tuple(reasons), provides=provides))

    def registry(self) -> Registry:
        """Gives all of it."""
        return Registry(
            **self._classes,
            template_dirs=tuple(self._template_dirs),
            plugins=tuple(self._plugins),
            clashes=tuple(self._clashes),
        )
