"""What the plugins brought, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from sdp.contract.augmenter import Augmenter
from sdp.contract.exporter import Exporter
from sdp.contract.generator import Generator
from sdp.contract.metric import Metric
from sdp.contract.validator import Validator
from sdp.errors import InputError, near
from sdp.plugins.project import PREFIX

Status = Literal["loaded", "partial", "failed", "off"]
T = TypeVar("T")


@dataclass(frozen=True)
class PluginInfo:
    """One plugin, loaded or not."""

    name: str
    """Name of the entry point: what ``SDP_PLUGINS`` takes."""
    module: str
    distribution: str
    version: str
    status: Status
    """partial: something in it does not work, the rest is there. off: left out by ``SDP_PLUGINS``, or not listed."""
    reasons: tuple[str, ...] = ()
    """What does not work, and why."""
    provides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind (generators, validators, metrics, exporters, augmenters, template_dirs, suites) → names."""
    import_s: float | None = None
    """Seconds that importing it and asking its hooks took, what it imports for the first time included; None where that
    was not done."""

    @property
    def may_lack(self) -> bool:
        """Whether it could be the reason why something is not there: it does not work, or its project forgot it."""
        forgotten = self.status == "off" and self.name.startswith(PREFIX)
        return self.status in {"failed", "partial"} or forgotten


@dataclass(frozen=True)
class Registry:
    """Everything that is there to be used."""

    generators: Mapping[str, type[Generator]] = field(default_factory=dict)
    validators: Mapping[str, type[Validator]] = field(default_factory=dict)
    metrics: Mapping[str, type[Metric]] = field(default_factory=dict)
    exporters: Mapping[str, type[Exporter]] = field(default_factory=dict)
    augmenters: Mapping[str, type[Augmenter]] = field(default_factory=dict)
    template_dirs: tuple[Path, ...] = ()
    plugins: tuple[PluginInfo, ...] = ()
    clashes: tuple[str, ...] = ()
    """Each says which two distributions claim one name."""

    @property
    def local(self) -> tuple[str, ...]:
        """Names the loaded plugins that are files of a project and bring code; phrasings travel with the work."""
        coded = (one for one in self.plugins if one.provides.keys() - {"template_dirs", "suites"})
        return tuple(one.name for one in coded if one.name.startswith(PREFIX))

    def get_generator(self, name: str) -> type[Generator]:
        """Finds a task.

        Raises:
            InputError: There is none of that name.
        """
        return self._get(self.generators, name, "task", "tasks")

    def get_validator(self, name: str) -> type[Validator]:
        """Finds a check.

        Raises:
            InputError: There is none of that name.
        """
        return self._get(self.validators, name, "validator", "validators")

    def get_metric(self, name: str) -> type[Metric]:
        """Finds a score.

        Raises:
            InputError: There is none of that name.
        """
        return self._get(self.metrics, name, "metric", "metrics")

    def get_exporter(self, name: str) -> type[Exporter]:
        """Finds a format.

        Raises:
            InputError: There is none of that name.
        """
        return self._get(self.exporters, name, "format", "formats")

    def get_augmenter(self, name: str) -> type[Augmenter]:
        """Finds a way to augment.

        Raises:
            InputError: There is none of that name.
        """
        return self._get(self.augmenters, name, "augmenter", "augmenters")

    def _get(self, known: Mapping[str, type[T]], name: str, noun: str, nouns: str) -> type[T]:
        if name in known:
            return known[name]
        hint = near(name, known).replace("choices are", f"{nouns} are")
        if broken := [plugin.name for plugin in self.plugins if plugin.may_lack]:
            hint += f"; 'sdp plugins' says why something is missing from {', '.join(broken)}"
        raise InputError(f"unknown {noun} '{name}'", hint=hint)
