"""One set of names for all trackers: from an event to values, from a run's record to settings.

==================================  ===========================================================
``train/loss``, ``train/…``         each numeric field of a `train` event
``eval/loss``, ``eval/…``           each of an `eval` event
``alert/<alert>``                   the value that raised it
``stopping/…``, ``trained/…``       each numeric field of these
``score/<model>/<task>/<metric>``   a bench's score; ``…_low`` and ``…_high``: its interval
``transfer/<model>/<against>/…``    a comparison: ``<task>/difference``, ``low``, ``high``, ``p_holm``
==================================  ===========================================================

Trained and untrained tasks have names of one form, so that a plot of one is a plot of the other.
"""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sdp.runs.tracking.contract import Point, Record

_SILENT = {"status", "checkpoint"}  # a run's state, and files: no values
_NOT_VALUES = {"event", "time", "step"}
_COMPARED = ("difference", "low", "high", "p_holm")
_SECRETS = {"webhook"}  # whoever knows the address may write there


def point_of(event: Mapping[str, Any], step: int) -> Point:
    """Turns an event into values.

    Args:
        event: A line of events.jsonl.
        step: The last step that anything was said about: what an event without one belongs to.
    """
    own = event.get("step")
    step = own if isinstance(own, int) else step
    return Point(step, datetime.fromisoformat(event["time"]).timestamp(), values_of(event))


def values_of(event: Mapping[str, Any]) -> dict[str, float]:
    """Names the values of an event; empty for an event that has none."""
    kind = str(event["event"])
    if kind in _SILENT:
        return {}
    if kind == "alert":  # one that has no value, such as a loss that is none, is there all the same
        return {_path(kind, event["alert"]): 1.0} | _numbers({_path(kind, event["alert"]): event.get("value")})
    if kind == "score":
        start = _path(kind, event["target"], event["task"], event["metric"])
        return _numbers({start: event["value"], f"{start}_low": event.get("low"), f"{start}_high": event.get("high")})
    if kind == "transfer":
        start = _path(kind, event["target"], event["against"], event["task"])
        return _numbers({f"{start}/{name}": event.get(name) for name in _COMPARED})
    # an evaluation's own metrics are called eval_… where training knows them
    fields = {name.removeprefix(f"{kind}_"): value for name, value in event.items() if name not in _NOT_VALUES}
    return _numbers({_path(kind, *name.split("/")): value for name, value in _leaves(fields, "/")})


def settings_of(record: Record) -> dict[str, str | int | float | bool]:
    """Flattens what decides a run's result: ``recipe.lora.r``, ``versions.torch``. What is not set is left out."""
    tree = {"kind": record["kind"], **record["config"], "versions": record.get("versions", {})}
    return {name: _shown(value) for name, value in _leaves(tree, ".") if value is not None and not _is_secret(name)}


def cleaned(name: object) -> str:
    """Makes a part of a name that every tracker takes: letters, digits, ``_ - .``, everything else a dash."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", str(name)).strip("-") or "-"


def _path(*parts: object) -> str:
    return "/".join(map(cleaned, parts))


def _leaves(tree: Mapping[str, Any], joint: str) -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, list | tuple):
            value = {str(place): item for place, item in enumerate(value)}  # noqa: PLW2901  (a list is read by place)
        if isinstance(value, Mapping):
            yield from ((f"{name}{joint}{rest}", leaf) for rest, leaf in _leaves(value, joint))
        else:
            yield str(name), value


def _numbers(named: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in named.items() if _is_number(value)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_secret(name: str) -> bool:
    return name.rpartition(".")[2] in _SECRETS


def _shown(value: Any) -> str | int | float | bool:
    if not isinstance(value, str):
        return value if isinstance(value, int | float | bool) else str(value)
    return without_secrets(value) if "://" in value else value


def without_secrets(url: str) -> str:
    """Leaves user, password and query out of a URL."""
    return re.split(r"[?#]", without_passwords(url), maxsplit=1)[0]


def without_passwords(text: str) -> str:
    """Leaves user and password out of every URL in a text; libraries put whole URLs into their errors."""
    return re.sub(r"(?<=://)[^/\s]*@", "", text)
