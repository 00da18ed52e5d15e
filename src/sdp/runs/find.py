"""From what a person types to a run, and whether anybody works on it."""

import time
from pathlib import Path

from sdp.data.atomic import LOCK
from sdp.errors import InputError, near
from sdp.runs.folder import EVENTS, RECORD, Run, runs

QUIET_S = 20.0
"""A run that said something so lately is not asked whether it lives."""


def find_run(text: str, root: Path) -> Run:
    """Finds one run.

    Args:
        text: A folder, the name of one in `root`, a part that only one name has, or ``""``: the newest.
        root: Where run folders lie.

    Raises:
        InputError: None or several.
    """
    if text and (Path(text) / "run.json").is_file():
        return Run.open(Path(text))
    known = runs(root)
    if not known:
        raise InputError(
            f"there are no runs in '{root}'", where="RUN", hint="sdp finetune makes one; --out names a place"
        )
    if not text:
        return known[0]
    exact = [run for run in known if text in {run.path.name, str(run.record.get("name"))}]
    found = exact[:1] if exact else [run for run in known if text in run.path.name]  # the newest of those so called
    names = [run.path.name for run in known]
    if not found:
        raise InputError(f"there is no run '{text}' in '{root}'", where="RUN", hint=near(text, names[:10]))
    if len(found) > 1:
        listed = ", ".join(run.path.name for run in found[:5])
        raise InputError(f"'{text}' is a part of {len(found)} names", where="RUN", hint=f"give more of it: {listed}")
    return found[0]


def standing_of(run: Run, now: float | None = None) -> str:
    """Gives the status of a run as it is: one that says ``running`` may have been killed.

    Args:
        run: Read just now.
        now: Seconds since 1970; None: now.

    Returns:
        The recorded status, or ``broken off``.
    """
    status = str(run.record["status"])
    if status != "running":
        return status
    said = run.path / EVENTS
    sign = said if said.exists() else run.path / RECORD  # a bench says nothing before it is done
    quiet_s = (time.time() if now is None else now) - sign.stat().st_mtime
    return "broken off" if quiet_s > QUIET_S and not is_locked(run.path) else status


def is_locked(folder: Path) -> bool:
    """Asks whether a process works on a folder; True where the system cannot tell."""
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        with (folder / LOCK).open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
