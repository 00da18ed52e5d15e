"""Finds plugins, loads them one by one, and puts together what they bring."""

import os
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Final

from sdp import __version__
from sdp.errors import PluginError, near
from sdp.plugins.hookspecs import PROJECT
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
    """
    registry = survey()
    if registry.clashes:
        hint = f"uninstall one of them, or name those to load in {VARIABLE}"
        raise PluginError("; ".join(registry.clashes), hint=hint)
    return registry


def survey() -> Registry:
    """Loads what can be loaded and says what cannot, clashes included.

    Returns:
        What is there; of two things with one name, the first.

    Raises:
        PluginError: ``SDP_PLUGINS`` names a plugin that is not installed.
    """
    points = sorted(entry_points(group=PROJECT), key=lambda point: (point.name, _distribution(point)))
    wanted = _wanted({point.name for point in points})
    merge = _Merge()
    merge.add(PluginInfo("builtin", BUILTIN, "sdp", __version__, "loaded"), _builtin())
    for point in points:
        version = point.dist.version if point.dist else ""
        info = PluginInfo(point.name, point.value, _distribution(point), version, "off")
        if point.name not in wanted:
            merge.leave_out(info, f"not in {VARIABLE}")
        elif not merge.claim("plugins", point.name, info.distribution):
            merge.leave_out(info, "another plugin has this name")
        else:
            merge.add(info, _load(point))
    return merge.registry()


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""


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
    try:
        plugin = point.load()
    except FOREIGN as e:
        return Contribution(faults=[Fault.of("import", e)])
    return read_plugin(plugin)


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
        self._plugins.append(replace(info, status="off", reasons=(reason,)))

    def add(self, info: PluginInfo, found: Contribution) -> None:
        """Takes in what a plugin brings."""
        provides: dict[str, tuple[str, ...]] = {}
        for kind, classes in found.classes.items():
            taken = [cls for cls in classes if self.claim(kind, cls.name, info.distribution)]
            self._classes[kind].update({cls.name: cls for cls in taken})
            provides[kind] = tuple(cls.name for cls in taken)
        self._template_dirs += found.template_dirs
        provides["template_dirs"] = tuple(map(str, found.template_dirs))
        provides = {kind: names for kind, names in provides.items() if names}
        status: Status = "loaded" if not found.faults else "partial" if provides else "failed"
        reasons = tuple(fault.text for fault in found.faults)
        self._plugins.append(replace(info, status=status, reasons=reasons, provides=provides))

    def registry(self) -> Registry:
        """Gives all of it."""
        return Registry(
            **self._classes,
            template_dirs=tuple(self._template_dirs),
            plugins=tuple(self._plugins),
            clashes=tuple(self._clashes),
        )
