"""JSON as these files have it: what cannot be taken as it stands is refused, not repaired."""

import json
from typing import Any


def parsed(text: str | bytes) -> Any:
    """Reads one value.

    Args:
        text: JSON.

    Raises:
        ValueError: It is not JSON, an object names a key twice (of which JSON's readers take the last, silently), or it
            is nested deeper than Python can follow.
    """
    try:
        return json.loads(text, object_pairs_hook=_unrepeated)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise ValueError(f"the key '{twice[:40]}' is there twice")
    return found
