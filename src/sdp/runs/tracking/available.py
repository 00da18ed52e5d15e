"""Which trackers there are, and whether their packages are."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sdp.errors import InputError, MissingExtra, near
from sdp.runs.tracking.contract import Settings, Tracker

TRACKERS = {
    "mlflow": "Mlflow",
    "tensorboard": "Tensorboard",
    "trackio": "Trackio",
    "wandb": "Wandb",
}
"""Name of the tracker, its package and its module here → the class in it."""


def tracker_names(texts: Iterable[str]) -> tuple[str, ...]:
    """Splits ``wandb,mlflow``; each name once."""
    return tuple(dict.fromkeys(name.strip() for text in texts for name in text.split(",") if name.strip()))


def check_trackers(names: Iterable[str]) -> None:
    """Makes sure that trackers can be used, before any work is done.

    Raises:
        InputError: There is no such tracker.
        MissingExtra: Its package is not installed.
    """
    for name in names:
        if name not in TRACKERS:
            raise InputError(f"there is no tracker '{name}'", where="--track", hint=near(name, TRACKERS))
        if find_spec(name) is None:
            raise MissingExtra(
                f"--track {name} needs the package {name}", where="--track", hint=f"pip install 'sdp[{name}]'"
            )


def open_tracker(name: str, settings: Settings, folder: Path) -> Tracker:
    """Makes a tracker, not started.

    Args:
        name: Of `TRACKERS`.
        settings: Under which names.
        folder: Where it may keep files; it need not be there.

    Raises:
        InputError: There is no such tracker.
        MissingExtra: Its package is not installed.
    """
    check_trackers([name])
    make = getattr(import_module(f"sdp.runs.tracking.{name}"), TRACKERS[name])
    tracker: Tracker = make(settings, folder)
    return tracker
