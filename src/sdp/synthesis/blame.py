"""Errors out of foreign code: they name the plugin, and are no bug of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from sdp.errors import ExitCode, PluginError, SdpError
from sdp.plugins.reading import FOREIGN, Fault


@contextmanager
def blame(what: str, *things: object) -> Iterator[None]:
    """Turns whatever a plugin raises into an error with its file and line; what is built in raises its own.

    Args:
        what: Who was asked for what, such as ``mirror: row 17``.
        *things: The objects or classes that were asked.

    Raises:
        PluginError: One of them comes from a plugin, and something was raised that is no error of sdp.
    """
    try:
        yield
    except SdpError:
        raise
    except FOREIGN as error:
        terminated = isinstance(error, SystemExit) and error.code == ExitCode.TERMINATED  # by a signal, not by a plugin
        if terminated or all(_module(thing).startswith("sdp.") for thing in things):
            raise
        raise PluginError(Fault.of(what, error).text, hint="--debug shows the whole traceback") from error


def _module(thing: object) -> str:
    return (thing if isinstance(thing, type) else type(thing)).__module__
