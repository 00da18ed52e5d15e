"""Every error sdp raises on purpose, and the exit code each one ends with.

The tree::

    SdpError                    what went wrong, where, what to do
    ├── InputError              data, words, models or arguments that cannot be used      3
    ├── ConfigError             sdp.toml, environment, recipe                              3
    ├── TemplateError           a phrasing that cannot be rendered                         3
    ├── PluginError             a plugin that cannot be loaded, or two that clash          4
    ├── MissingExtra            an optional package that is not installed                  5
    ├── ResourceError           model, device, disk or network that is not there           5
    └── CheckFailed             a check ran and said no                                    1
"""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the process returns."""

    DONE = 0
    """The work is done."""
    CHECK_FAILED = 1
    """A check failed: validation, or a significant regression."""
    USAGE = 2
    """The command line could not be understood."""
    INPUT = 3
    """Input, configuration or a template cannot be used."""
    PLUGIN = 4
    """A plugin cannot be loaded."""
    MISSING = 5
    """An extra, a model, a device or disk space is missing."""
    BUG = 70
    """A bug in sdp (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130
    """Ctrl-C (128 + SIGINT)."""
    TERMINATED = 143
    """Asked to end (128 + SIGTERM)."""


class SdpError(Exception):
    """Says what went wrong, where, and what to do about it.

    Args:
        what: One sentence without a full stop.
        where: File and line, row, option: whatever finds the place.
        hint: What to do.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what, where, hint)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  at: {self.where}")
        if self.hint:
            lines.append(f"  try: {self.hint}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        """Lets the error cross a process boundary: keyword-only arguments do not pickle by themselves."""
        return _rebuild, (type(self), self.what, self.where, self.hint)


def _rebuild(kind: type[SdpError], what: str, where: str | None, hint: str | None) -> SdpError:
    return kind(what, where=where, hint=hint)


class InputError(SdpError):
    """Data, words, a model or an argument that cannot be used."""

    exit_code = ExitCode.INPUT


class ConfigError(SdpError):
    """A value from sdp.toml, the environment or a recipe that cannot be used."""

    exit_code = ExitCode.INPUT


class TemplateError(SdpError):
    """A phrasing that cannot be parsed or rendered."""

    exit_code = ExitCode.INPUT


class PluginError(SdpError):
    """A plugin that cannot be loaded, or two that claim one name."""

    exit_code = ExitCode.PLUGIN


class MissingExtra(SdpError):  # noqa: N818  (the name says what is missing, not that it is an error)
    """An optional package that is not installed."""

    exit_code = ExitCode.MISSING


class ResourceError(SdpError):
    """A model, a device, disk space or a network that is not there."""

    exit_code = ExitCode.MISSING


class CheckFailed(SdpError):  # noqa: N818  (it reports a verdict)
    """A check ran, and the answer is no."""

    exit_code = ExitCode.CHECK_FAILED


def near(name: str, choices: Iterable[str]) -> str:
    """Says which of `choices` was probably meant, and lists them all.

    Args:
        name: What was given.
        choices: What could have been given.

    Returns:
        A hint such as ``did you mean 'spelling'? choices are: count, position, spelling``.
    """
    known = sorted(choices)
    listed = f"choices are: {', '.join(known)}" if known else "there are none"
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'? {listed}" if close else listed
