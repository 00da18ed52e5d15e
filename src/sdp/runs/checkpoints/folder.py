"""The folder ``checkpoints/`` of a run. A checkpoint is whole or not there: written aside, flushed, renamed."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from sdp.errors import ResourceError
from sdp.runs.checkpoints.record import NAME, Checkpoint, FileFacts

FOLDER = "checkpoints"
WRITING = ".writing"
"""Where the trainer writes; what lies here is never taken for a checkpoint."""

_STEP = re.compile(r"step-(\d{6,})")
_UNUSED = ("training_args.bin", "README.md")
"""A pickle that nobody reads, with paths of this machine, and peft's card with nothing filled in."""


def name_of(step: int) -> str:
    """Names the checkpoint of a step."""
    return f"step-{step:06d}"


def step_of(name: str) -> int | None:
    """Gives the step of a checkpoint's name, None if it is no such name."""
    match = _STEP.fullmatch(name)
    return int(match[1]) if match else None


def complete(folder: Path) -> dict[int, Path]:
    """Lists complete checkpoints by step, in order.

    Args:
        folder: ``checkpoints/`` of a run.
    """
    return {step: path for step, path in _named(folder).items() if (path / NAME).is_file()}


def strangers(folder: Path) -> list[Path]:
    """Lists what is called like a checkpoint and is none: an older sdp wrote it, or somebody removed files."""
    return [path for path in _named(folder).values() if not (path / NAME).is_file()]


def written_to(folder: Path, step: int) -> Path:
    """Says where `transformers.Trainer` writes a checkpoint whose output folder is ``.writing``."""
    return folder / WRITING / f"checkpoint-{step}"


def half_written(folder: Path) -> int | None:
    """Gives the step of the checkpoint that is being written, None if none is."""
    names = [path.name for path in (folder / WRITING).glob("checkpoint-*")]
    return max((int(name.removeprefix("checkpoint-")) for name in names), default=None)


def publish(folder: Path, about: Mapping[str, Any], step: int) -> Path:
    """Moves what the trainer has just written to its place.

    Args:
        folder: The run's ``checkpoints/``; the trainer wrote to `written_to` of it.
        about: What `Checkpoint` holds beside step and files.
        step: Which.

    Returns:
        The checkpoint.

    Raises:
        ResourceError: The disk does not take it.
    """
    written = written_to(folder, step)
    with writing(folder, step):
        for name in _UNUSED:
            (written / name).unlink(missing_ok=True)
        paths = sorted(path for path in written.rglob("*") if path.is_file())
        files = [_flushed(path, path.relative_to(written).as_posix()) for path in paths]
        seal(written, Checkpoint(step=step, files=files, **about))
        return move_in(folder, written, step)


def seal(written: Path, record: Checkpoint) -> None:
    """Writes the record of a checkpoint whose files are all on the disk."""
    with (written / NAME).open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(record.text())
        handle.flush()
        os.fsync(handle.fileno())
    _flush_names(written)


def move_in(folder: Path, written: Path, step: int) -> Path:
    """Gives a sealed folder its name; one of this step that is already there goes away."""
    final = folder / name_of(step)
    if final.exists():  # a resumed run may come by a step again
        discard(folder, final)
    written.rename(final)
    _flush_names(folder)
    return final


@contextmanager
def writing(folder: Path, step: int) -> Iterator[None]:
    """Turns what the disk says while a checkpoint is written into an error that says which older one is whole."""
    try:
        yield
    except OSError as error:
        raise cannot_write(folder, step, error.strerror or str(error)) from error


def cannot_write(folder: Path, step: int, reason: str) -> ResourceError:
    """Makes the error for a checkpoint that the disk does not take."""
    older = [name_of(other) for other in complete(folder) if other != step]
    whole = f"{older[-1]} is whole: " if older else ""
    return ResourceError(
        f"cannot write checkpoint {name_of(step)}: {reason}",
        where=str(folder),
        hint=f"{whole}free some space, then go on: sdp finetune --resume {folder.parent.name}",
    )


def discard(folder: Path, checkpoint: Path) -> None:
    """Removes a checkpoint; its name goes first, so a half-removed one counts for nothing."""
    doomed = folder / WRITING / f"old-{checkpoint.name}"
    doomed.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(doomed, ignore_errors=True)
    checkpoint.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def clear(folder: Path) -> None:
    """Removes what a killed run left half-written or half-removed."""
    shutil.rmtree(folder / WRITING, ignore_errors=True)


def hashed(path: Path) -> str:
    """Gives the SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _named(folder: Path) -> dict[int, Path]:
    found = {step: path for path in folder.glob("step-*") if (step := step_of(path.name)) is not None}
    return dict(sorted(found.items()))


def _flushed(path: Path, name: str) -> FileFacts:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())
    return FileFacts(file=name, bytes=path.stat().st_size, sha256=hashed(path))


def _flush_names(folder: Path) -> None:
    """Gets names onto the disk, so that no older checkpoint is removed before the newer one is sure."""
    with suppress(OSError):  # not every system opens folders
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
