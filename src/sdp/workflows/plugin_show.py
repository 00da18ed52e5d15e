"""`sdp plugins show`: what a plugin, or one thing out of it, says of itself."""

import inspect
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sdp.contract.generator import Generator, ItemGenerator
from sdp.contract.metric import Metric
from sdp.errors import InputError, TemplateError, near
from sdp.plugins.manager import survey
from sdp.plugins.reading import KINDS
from sdp.plugins.registry import PluginInfo, Registry
from sdp.templates.folders import languages_of, layout
from sdp.templates.phrasing import load_phrasings
from sdp.testing.case import place_of


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """What to show."""

    name: str
    """A plugin, its distribution, or a task, check, score or format."""


@dataclass(frozen=True, slots=True)
class ShownThing:
    """One class."""

    kind: str
    """Of what, in the singular: generator, validator, metric, exporter."""
    name: str
    version: int | None
    doc: str
    where: str
    """File and line."""
    facts: dict[str, str] = field(default_factory=dict)
    """What it declares, name by name, as text."""


@dataclass(frozen=True, slots=True)
class PluginDetail:
    """A plugin and what it brings."""

    plugin: PluginInfo
    things: tuple[ShownThing, ...]


@dataclass(frozen=True, slots=True)
class ShowResult:
    """Everything that goes by the name: several plugins where a distribution brings several."""

    details: tuple[PluginDetail, ...]


def show_plugin(request: ShowRequest) -> ShowResult:
    """Tells what is known of a plugin, or of one thing.

    Args:
        request: Its name.

    Returns:
        The plugin, and everything that it brings, or the thing alone.

    Raises:
        InputError: There is nothing of that name.
    """
    registry, name = survey(), request.name
    plugins = [plugin for plugin in registry.plugins if name in (plugin.name, plugin.distribution)]
    only = None if plugins else name
    if only:
        brings = {
            plugin.name: {one for kind in KINDS for one in plugin.provides.get(kind, ())} for plugin in registry.plugins
        }
        plugins = [plugin for plugin in registry.plugins if name in brings[plugin.name]]
    if not plugins:
        names = {one for plugin in registry.plugins for kind in KINDS for one in plugin.provides.get(kind, ())}
        hint = near(name, names | {plugin.name for plugin in registry.plugins})
        raise InputError(f"there is no plugin, task, check, score or format '{name}'", where="NAME", hint=hint)
    return ShowResult(tuple(PluginDetail(plugin, _things(plugin, registry, only)) for plugin in plugins))


def _things(plugin: PluginInfo, registry: Registry, only: str | None) -> tuple[ShownThing, ...]:
    return tuple(
        _thing(kind.removesuffix("s"), getattr(registry, kind)[name], registry)
        for kind in KINDS
        for name in plugin.provides.get(kind, ())
        if only is None or name == only
    )


def _thing(kind: str, made: Any, registry: Registry) -> ShownThing:
    version = getattr(made, "version", None)
    facts = _facts_of_task(made, registry) if issubclass(made, Generator) else _facts(made)
    return ShownThing(kind, made.name, version, inspect.getdoc(made) or "", place_of(made), facts)


def _facts_of_task(made: type[Generator], registry: Registry) -> dict[str, str]:
    facts = {"shape": "finite, numbered questions" if issubclass(made, ItemGenerator) else "open, one row per index"}
    if issubclass(made, ItemGenerator):
        facts["strata"] = ", ".join(made.strata)
        facts["balance"] = ", ".join(made.balances)
    settings = [f"domain.{name}={' | '.join(values) or '…'}" for name, values in made.domain.items()]
    facts["settings"] = ", ".join(settings)
    facts["answer"] = made.answer_pattern
    facts["floor"] = f"{made.max_floor:.0%}" if made.max_floor < 1 else ""
    facts["meta"] = ", ".join(f"{name} {kind}" for name, kind in made.meta.items())
    facts["phrasings"] = ", ".join(f"{n} {language}" for language, n in _phrasings(made, registry).items())
    return {name: text for name, text in facts.items() if text}


def _phrasings(made: type[Generator], registry: Registry) -> dict[str, int]:
    """Counts phrasings per language; those in the class count for every one."""
    languages = set(languages_of(made.name))
    laid_out = (pair for folder in registry.template_dirs for pair in layout(folder))
    languages |= {language for language, task in laid_out if task == made.name}
    if made.templates and not languages:
        return {"for every language": len(made.templates)}
    counts: dict[str, int] = {}
    for language in sorted(languages):
        with suppress(TemplateError):  # `sdp templates lint` tells what is wrong with them
            counts[language] = len(load_phrasings(made.name, language, registry.template_dirs, made.templates))
    return counts


def _facts(made: Any) -> dict[str, str]:
    """What a check, score or format declares in its class."""
    uses = ", ".join(sorted(getattr(made, "uses", ())))
    better = ""
    if issubclass(made, Metric):
        better = "more is better" if made.higher_is_better else "less is better"
    facts = {"scope": str(getattr(made, "scope", "")), "uses": uses, "better": better}
    return {name: text for name, text in facts.items() if text}
