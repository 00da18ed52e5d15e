"""What the plugins brought, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from sdp.contract.exporter import Exporter
from sdp.contract.generator import Generator
from sdp.contract.metric import Metric
from sdp.contract.validator import Validator
from sdp.errors import InputError, near

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
    """partial: something in it does not work, the rest is there. off: left out by ``SDP_PLUGINS``."""
    reasons: tuple[str, ...] = ()
    """What does not work, and why."""
    provides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind (generators, validators, metrics, exporters, template_dirs) → names."""


@dataclass(frozen=True)
class Registry:
    """Everything that is there to be used."""

    generators: Mapping[str, type[Generator]] = field(default_factory=dict)
    validators: Mapping[str, type[Validator]] = field(default_factory=dict)
    metrics: Mapping[str, type[Metric]] = field(default_factory=dict)
    exporters: Mapping[str, type[Exporter]] = field(default_factory=dict)
    template_dirs: tuple[Path, ...] = ()
    plugins: tuple[PluginInfo, ...] = ()
    clashes: tuple[str, ...] = ()
    """Each says which two distributions claim one name."""

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

    def _get(self, known: Mapping[str, type[T]], name: str, noun: str, nouns: str) -> type[T]:
        if name in known:
            return known[name]
        hint = near(name, known).replace("choices are", f"{nouns} are")
        if broken := [plugin.name for plugin in self.plugins if plugin.status in {"failed", "partial"}]:
            hint += f"; 'sdp plugins' says why something is missing from {', '.join(broken)}"
        raise InputError(f"unknown {noun} '{name}'", hint=hint)
