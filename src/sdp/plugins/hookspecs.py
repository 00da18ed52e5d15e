"""The whole plugin contract: six hooks without arguments.

A plugin is a module, named by an entry point of the group ``sdp``, that implements any of them with `hookimpl`.
Everything is asked once per process, when the first verb needs it. What a hook returns must not depend on the time,
the folder or the machine: workers ask again and must get the same.
"""
# mypy: disable-error-code="empty-body"
# A specification has no body: pluggy reads its name, its arguments and its docstring.

from collections.abc import Iterable
from os import PathLike

import pluggy

from sdp.contract.augmenter import Augmenter
from sdp.contract.exporter import Exporter
from sdp.contract.generator import Generator
from sdp.contract.metric import Metric
from sdp.contract.validator import Validator

PROJECT = "sdp"
"""Name of the markers, and of the entry-point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def sdp_generators() -> Iterable[type[Generator]]:
    """Adds tasks; asked by ``sdp generate`` and by everything that reads a task's rows.

    Returns:
        Subclasses of `ItemGenerator` or `RowGenerator`. `name` is the word that ``sdp generate`` takes.
    """


@hookspec
def sdp_validators() -> Iterable[type[Validator]]:
    """Adds checks; asked by ``sdp generate`` before rows are written, and by ``sdp validate``.

    Returns:
        Subclasses of `Validator`. `name` is the word that reasons and reports use.
    """


@hookspec
def sdp_metrics() -> Iterable[type[Metric]]:
    """Adds scores; asked by ``sdp bench`` when the predictions are there.

    Returns:
        Subclasses of `Metric`. `name` is the word that tables use.
    """


@hookspec
def sdp_exporters() -> Iterable[type[Exporter]]:
    """Adds formats; asked by ``sdp export``.

    Returns:
        Subclasses of `Exporter`. `name` is the word that ``sdp export --to`` takes.
    """


@hookspec
def sdp_augmenters() -> Iterable[type[Augmenter]]:
    """Adds ways to make more training rows of those that there are; asked by ``sdp import``.

    Returns:
        Subclasses of `Augmenter`. `name` is the word that ``sdp import --augment`` takes.
    """


@hookspec
def sdp_template_dirs() -> Iterable[str | PathLike[str]]:
    """Adds phrasings; asked by ``sdp generate``.

    Returns:
        Folders that exist, laid out as ``<language>/<task>/<family>.jinja``.
    """
