"""How a process that trains tells the one that started it why it failed."""

import json
from pathlib import Path

import sdp.errors
from sdp.data.atomic import write_json
from sdp.errors import ResourceError, SdpError

FOLDER = ".processes"


def note_failure(run: Path, rank: int, error: SdpError) -> None:
    """Leaves an error where the starting process looks for it."""
    parts = {"kind": type(error).__name__, "what": error.what, "where": error.where, "hint": error.hint}
    write_json(run / FOLDER / f"failed-{rank}.json", parts)


def noted_failure(run: Path) -> SdpError | None:
    """Reads the first of those errors; None: there is none."""
    for path in sorted((run / FOLDER).glob("failed-*.json")):
        parts = json.loads(path.read_text(encoding="utf-8"))
        kind = getattr(sdp.errors, parts.pop("kind"), ResourceError)
        failure: SdpError = kind(parts.pop("what"), **parts)
        return failure
    return None
