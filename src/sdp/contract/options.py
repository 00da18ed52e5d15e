"""What a user may say about a task, beyond how many rows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

STRATA = "strata"
"""The default balance: equal shares of the strata that the task declares."""


@dataclass(frozen=True)
class TaskOptions:
    """How a task is set up. Every generator is made with one of these, and keeps it as `options`."""

    language: str = "en"
    """Of the prompts, ISO 639-1: what a field shows ("first", "erste") is in it."""
    balance: str = STRATA
    """``strata``, ``none``, ``length``, ``tokens``, or one of `ItemGenerator.balances`."""
    tokenized: bool = False
    """Whether the words table knows the tokens of a model."""
    domain: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The task's own settings, as declared in `Generator.domain`."""

    def __reduce__(self) -> tuple[object, ...]:
        """Travels to other processes; a mapping proxy alone cannot."""
        return _made, (self.language, self.balance, self.tokenized, dict(self.domain))


def _made(language: str, balance: str, tokenized: bool, domain: dict[str, tuple[str, ...]]) -> TaskOptions:  # noqa: FBT001  (pickle calls it)
    return TaskOptions(language, balance, tokenized, MappingProxyType(domain))
