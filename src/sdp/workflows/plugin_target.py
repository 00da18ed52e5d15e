"""What `sdp plugins check` is pointed at: something installed, by its name, or files that are not, by their path."""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sdp.errors import InputError, PluginError, near
from sdp.plugins.hookspecs import PROJECT
from sdp.plugins.manager import survey
from sdp.plugins.project import PREFIX
from sdp.plugins.reading import FOREIGN, KINDS, Contribution, Fault, read_plugin
from sdp.plugins.registry import PluginInfo, Registry
from sdp.testing.child import bring

PYPROJECT: Final = "pyproject.toml"


@dataclass
class Target:
    """Classes to check, and what their plugin did not manage to bring."""

    name: str
    where: str
    """Module, file or folder."""
    classes: dict[str, list[Any]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    """Kind, as hooks name them → classes."""
    template_dirs: list[Path] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    whole: bool = True
    """A plugin, not a single thing out of one."""

    @property
    def things(self) -> Iterator[tuple[str, Any]]:
        """Kind and class of everything."""
        for kind, classes in self.classes.items():
            for one in classes:
                yield kind, one


def find_target(text: str) -> Target:
    """Finds what a word or a path stands for.

    Args:
        text: A plugin's name, its distribution's, the name of a task, check, score or format, a ``.py`` file, or the
            folder of a package.

    Returns:
        Its classes, imported.

    Raises:
        InputError: There is nothing of that name or at that place.
        PluginError: It cannot be loaded at all.
    """
    path = Path(text)
    if text.startswith(PREFIX) or not _is_path(text, path):
        return _named(text)
    if not path.exists():
        raise InputError(f"there is no file or folder '{text}'", where="NAME_OR_PATH", hint="check the spelling")
    return _of_folder(path.resolve(), text) if path.is_dir() else _of_file(path.resolve(), text)


def _is_path(text: str, path: Path) -> bool:
    return "/" in text or "\\" in text or text.endswith(".py") or text in {".", ".."} or (path / PYPROJECT).is_file()


def _named(text: str) -> Target:
    registry = survey()
    plugins = [plugin for plugin in registry.plugins if text in (plugin.name, plugin.distribution)]
    if text == "sdp":  # the distribution of what is built in
        plugins = [plugin for plugin in plugins if plugin.name == "builtin"]
    if plugins:
        target = Target(text, ", ".join(dict.fromkeys(plugin.module for plugin in plugins)))
        for plugin in plugins:
            _add(target, plugin, registry)
        return target
    target = Target(text, "", whole=False)
    for kind in KINDS:
        if text in (known := getattr(registry, kind)):
            target.classes[kind].append(known[text])
            target.where = known[text].__module__
    if not target.where:
        names = {name for kind in KINDS for name in getattr(registry, kind)}
        names |= {plugin.name for plugin in registry.plugins}
        hint = f"{near(text, names)}; a path ends in .py, holds a /, or is a folder with a {PYPROJECT}"
        raise InputError(f"there is no plugin, task, check, score or format '{text}'", where="NAME", hint=hint)
    return target


def _add(target: Target, plugin: PluginInfo, registry: Registry) -> None:
    """Takes over what an installed plugin brings."""
    if plugin.status in {"failed", "off"}:
        reasons = "; ".join(plugin.reasons)
        hint = "sdp plugins list shows all of them"
        raise PluginError(f"the plugin '{plugin.name}' is not loaded: {reasons}", where=plugin.module, hint=hint)
    target.faults += plugin.reasons
    for kind in KINDS:
        target.classes[kind] += [getattr(registry, kind)[name] for name in plugin.provides.get(kind, ())]


def _of_file(file: Path, text: str) -> Target:
    if file.suffix != ".py":
        raise InputError(f"'{text}' is no Python file", where="NAME_OR_PATH", hint="a .py file, or a package's folder")
    for plugin in survey().plugins:
        if plugin.name.startswith(PREFIX) and Path(plugin.module).resolve() == file and plugin.status != "off":
            return _named(plugin.name)
    name = file.stem
    known = sys.modules.get(name) or find_spec(name) if name.isidentifier() else None
    if known is not None and getattr(known, "__file__", getattr(known, "origin", None)) != str(file):
        name = f"checked_{name}"
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    return _read(Target(file.stem, str(file)), [(name, str(file))])


def _of_folder(folder: Path, text: str) -> Target:
    points = _entry_points(folder, text)
    if not points:
        return _of_project(folder, text)
    source = folder / "src" if (folder / "src").is_dir() else folder
    sys.path.insert(0, str(source))
    modules = []
    for module in points.values():
        module_name = str(module).partition(":")[0]
        spec = _spec(module_name)
        if spec is None or not Path(str(spec.origin)).resolve().is_relative_to(folder):
            there = f"it is at {spec.origin}" if spec else "it cannot be found"
            raise PluginError(
                f"'{text}' names the module {module_name}, and {there}",
                where=str(folder / PYPROJECT),
                hint="put the package into src/, or beside pyproject.toml; uninstall another copy of it",
            )
        modules.append((module_name, str(spec.origin)))
    return _read(Target("+".join(points), str(folder)), modules)


def _spec(module: str) -> Any:
    try:
        return find_spec(module)
    except (ImportError, ValueError):
        return None


def _entry_points(folder: Path, text: str) -> dict[str, str]:
    try:
        project = tomllib.loads((folder / PYPROJECT).read_text(encoding="utf-8")).get("project", {})
    except FileNotFoundError:
        project = {}
    except (OSError, ValueError) as error:
        raise InputError(f"{PYPROJECT} of '{text}' cannot be read: {error}", where=str(folder / PYPROJECT)) from error
    points: dict[str, str] = project.get("entry-points", {}).get(PROJECT, {})
    return points


def _of_project(folder: Path, text: str) -> Target:
    """A study's folder: all that its sdp.toml lists, if it is the folder we are in."""
    own = [plugin for plugin in survey().plugins if plugin.name.startswith(PREFIX)] if folder == Path.cwd() else []
    target = Target(text, str(folder))
    for plugin in own:
        if plugin.status in {"failed", "partial"}:
            target.faults += [f"{plugin.module}: {reason}" for reason in plugin.reasons]
        if plugin.status in {"loaded", "partial"}:
            _add(target, plugin, survey())
    if not own:
        raise InputError(
            f"'{text}' is no plugin: its {PYPROJECT} names no entry point of the group '{PROJECT}'",
            where=str(folder / PYPROJECT),
            hint=f'add [project.entry-points.{PROJECT}] with a line such as mirror = "sdp_mirror"; '
            "the plugins of a study are checked in its own folder",
        )
    return target


def _read(target: Target, modules: list[tuple[str, str]]) -> Target:
    """Imports modules that are not installed, and asks their hooks."""
    for name, file in modules:
        try:
            found = read_plugin(bring(name, file))
        except FOREIGN as error:
            text = Fault.of("import", error).text
            raise PluginError(f"'{target.name}' cannot be loaded: {text}", where=file) from error
        _take(target, found)
    if not any(True for _ in target.things) and not target.template_dirs and not target.faults:
        hooks = ", ".join(f"sdp_{kind}" for kind in KINDS)
        raise PluginError(
            f"'{target.name}' brings nothing: it has no function marked with @hookimpl",
            where=target.where,
            hint=f"define one of {hooks}, sdp_template_dirs, and return the classes from it",
        )
    return target


def _take(target: Target, found: Contribution) -> None:
    for kind, classes in found.classes.items():
        target.classes[kind] += classes
    target.template_dirs += found.template_dirs
    target.faults += [fault.text for fault in found.faults]
