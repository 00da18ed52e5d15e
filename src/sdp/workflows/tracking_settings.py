"""How a run is tracked: from its record, or from options of a verb that has no recipe."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sdp.errors import ConfigError, near
from sdp.recipes.overrides import with_overrides
from sdp.recipes.schema import Recipe, Tracking
from sdp.runs.logs import stderr_level
from sdp.runs.tracking.available import check_trackers, tracker_names
from sdp.runs.tracking.contract import Settings

_PREFIX = "tracking."


def check_followed(track: Sequence[str]) -> None:
    """Makes sure that a run can be logged and tracked as wanted, before any work is done.

    Args:
        track: Names of trackers.

    Raises:
        InputError: There is no such tracker.
        ConfigError: ``SDP_LOG`` is no level.
        MissingExtra: A tracker's package is not installed.
    """
    stderr_level()
    check_trackers(tracker_names(track))


def settings_of_run(record: Mapping[str, Any]) -> Settings:
    """Reads how a run says it is tracked: a finetune run in its recipe, a bench beside its other settings.

    A run from before there was tracking says nothing, and gets what holds where nothing is said.
    """
    config = record["config"]
    stored = (config.get("recipe") or config).get("tracking") or {}
    known = {field.name for field in fields(Settings)}
    return Settings(**{name: value for name, value in stored.items() if name in known})


def with_settings(settings: Settings, assignments: Sequence[str]) -> Settings:
    """Sets single keys, such as ``tracking.project=letters``.

    Raises:
        ConfigError: Another key, or a value that does not fit.
    """
    known = [f"{_PREFIX}{name}" for name in Tracking.model_fields]
    for assignment in assignments:
        key = assignment.partition("=")[0].strip()
        if key not in known:
            raise ConfigError(f"'{key}' cannot be set here", where="-o", hint=near(key, known))
    tracking = Tracking(**{field.name: getattr(settings, field.name) for field in fields(Settings)})
    return tracking_settings(with_overrides(Recipe(tracking=tracking), assignments).tracking)


def tracking_settings(tracking: Tracking) -> Settings:
    """Hands a recipe's keys on to the trackers, which know nothing of recipes."""
    return Settings(**tracking.model_dump())
