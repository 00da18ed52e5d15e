"""What is being tested, whichever kind it is."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any

from sdp.testing.case import DoesNotApply
from sdp.testing.elsewhere import Elsewhere


class Subject(ABC):
    """A class under test, and the work that it is for.

    Subclasses are dataclasses: their fields, and nothing that was worked out from them, travel to other processes.
    """

    made: type
    """The class under test."""

    @property
    def method(self) -> str:
        """The one of its methods that does the work."""
        return "__init__"

    @abstractmethod
    def instance(self) -> Any:
        """Makes one, as sdp would."""

    @abstractmethod
    def work(self, instance: Any) -> list[Any]:
        """Lets an instance do what it is for; gives all that came of it, in order, as plain values."""

    @property
    def classes(self) -> tuple[type, ...]:
        """All classes of the plugin that the work needs."""
        return (self.made,)

    @property
    def one_use(self) -> bool:
        """Whether an instance is for one piece of work, and may remember it."""
        return False

    @cached_property
    def done(self) -> list[Any]:
        """The work, done once in this process."""
        return self.work(self.instance())

    @cached_property
    def again(self) -> list[Any]:
        """The same work by another instance."""
        return self.work(self.instance())

    def require_steady(self) -> None:
        """Leaves what is not even the same twice in one process to the case that says so.

        Raises:
            DoesNotApply: It is not.
        """
        if difference(self.done, self.again):
            raise DoesNotApply("it does not repeat itself even here: see repeats itself")

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """The work in other processes."""
        return Elsewhere([self])

    def __getstate__(self) -> dict[str, Any]:
        """Travels without what was worked out."""
        names = {field.name for field in fields(self)}  # type: ignore[arg-type]  # subclasses are dataclasses
        return {name: value for name, value in self.__dict__.items() if name in names}


def difference(one: Sequence[Any], other: Sequence[Any]) -> tuple[int, str, str] | None:
    """Finds the first place where two works differ, and what stands there."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if repr(left) != repr(right):
            return number, *_shown(left, right)
    if len(one) != len(other):
        return min(len(one), len(other)), f"{len(one)} results", f"{len(other)} results"
    return None


def _shown(left: Any, right: Any) -> tuple[str, str]:
    if isinstance(left, dict) and isinstance(right, dict):
        names = [name for name in left if repr(left[name]) != repr(right.get(name))] or list(left)
        one, other = (", ".join(f"{name} {row.get(name)!r}" for name in names) for row in (left, right))
        return one, other
    return repr(left)[:200], repr(right)[:200]
