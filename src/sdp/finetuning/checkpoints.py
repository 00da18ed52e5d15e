"""Checkpoints that are whole or not there: written under another name, flushed, renamed."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from sdp.data.atomic import disk

WRITING = ".writing"
"""Where the trainer writes; what lies here is never taken for a checkpoint."""

_NAME = re.compile(r"step-(\d{6,})")
_UNUSED = "training_args.bin"  # pickled by the trainer, never read by us, holds paths of this machine


def name_of(step: int) -> str:
    """Names the checkpoint of a step."""
    return f"step-{step:06d}"


def complete(folder: Path) -> dict[int, Path]:
    """Lists complete checkpoints by step, in order."""
    found = {int(match[1]): path for path in folder.glob("step-*") if (match := _NAME.fullmatch(path.name))}
    return dict(sorted(found.items()))


def newest(folder: Path) -> Path | None:
    """Gives the newest complete checkpoint, or None: the run broke off before its first."""
    return next(reversed(complete(folder).values()), None)


def publish(folder: Path, step: int) -> Path:
    """Moves what the trainer has just written to its place.

    Args:
        folder: The run's ``checkpoints/``; the trainer wrote to ``.writing/checkpoint-<step>`` in it.
        step: Which.

    Returns:
        The checkpoint.
    """
    written, final = folder / WRITING / f"checkpoint-{step}", folder / name_of(step)
    with disk(final):
        (written / _UNUSED).unlink(missing_ok=True)
        for path in written.rglob("*"):
            if path.is_file():
                _flush(path)
        shutil.rmtree(final, ignore_errors=True)  # a resumed run may come by a step again
        written.rename(final)
    return final


def clear(folder: Path) -> None:
    """Removes what a killed run left half-written."""
    shutil.rmtree(folder / WRITING, ignore_errors=True)


def prune(folder: Path, keep: Iterable[int]) -> None:
    """Removes checkpoints but those to keep; the name goes first, so a half-removed one counts for nothing."""
    kept = set(keep)
    for step, path in complete(folder).items():
        if step not in kept:
            doomed = folder / WRITING / f"old-{step}"
            with disk(path):
                doomed.parent.mkdir(parents=True, exist_ok=True)
                path.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())
