"""Everything in the contract that will go away: since when, until when, and what to write instead. All of it is here.

What plugins rely on grows by additions: arguments with defaults, methods with bodies, hooks. Where that is not enough,
the old way goes on working for at least one minor version, and says so to whoever wrote the plugin.
"""

import inspect
import warnings
from dataclasses import dataclass
from typing import Final


class PluginDeprecationWarning(DeprecationWarning):
    """A plugin does something that a later sdp will refuse. Shown by pytest and by `sdp plugins check`, to no user."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """One thing that will go away."""

    what: str
    since: str
    """Version of sdp that first says so."""
    until: str
    """Version that refuses it."""
    instead: str

    def __str__(self) -> str:
        return f"{self.what} is deprecated since sdp {self.since}, and refused from {self.until}: {self.instead}"

    def warn(self, made: type) -> None:
        """Warns at the place of a plugin's class, or at its module where there is no source to look at."""
        try:
            file, line = inspect.getsourcefile(made) or made.__module__, inspect.getsourcelines(made)[1]
        except (OSError, TypeError, SyntaxError):  # none, no file at all, a file that was changed since
            file, line = made.__module__, 0
        warnings.warn_explicit(str(self), PluginDeprecationWarning, file, line, module=made.__module__)


EXPORTER_WITHOUT_SUPER: Final = Deprecation(
    what="an exporter whose __init__ does not call super().__init__()",
    since="0.1",
    until="0.2",
    instead="call super().__init__(options) first: it keeps the options, and counts rows that are left out",
)

ALL: Final = (EXPORTER_WITHOUT_SUPER,)


def note_exporter(exporter: object) -> None:
    """Warns of what is deprecated in a finished exporter."""
    if not hasattr(exporter, "left_out"):
        EXPORTER_WITHOUT_SUPER.warn(type(exporter))
