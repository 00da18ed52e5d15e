"""Whether a checkpoint holds what its record says, byte by byte."""

from collections.abc import Callable
from pathlib import Path

from sdp.errors import InputError
from sdp.runs.checkpoints.folder import complete, hashed, strangers
from sdp.runs.checkpoints.record import Checkpoint, read


def faults(folder: Path, record: Checkpoint) -> list[str]:
    """Lists files that are missing, or whose bytes are not those of the record.

    Args:
        folder: The checkpoint.
        record: What it should hold.
    """
    found = []
    for file in record.files:
        path = folder / file.file
        if not path.is_file():
            found.append(f"'{file.file}' is missing")
        elif path.stat().st_size != file.bytes:
            found.append(f"'{file.file}' has {path.stat().st_size:,} bytes instead of {file.bytes:,}")
        elif hashed(path) != file.sha256:
            found.append(f"'{file.file}' was changed")
    return found


def check(folder: Path) -> Checkpoint:
    """Reads a checkpoint's record and compares every file with it.

    Raises:
        InputError: Something is missing or was changed; the message names it.
    """
    record = read(folder)
    found = faults(folder, record)
    if found:
        raise InputError(
            f"checkpoint {folder.name} is damaged: {found[0]}", where=str(folder), hint="take another checkpoint"
        )
    return record


def newest_whole(folder: Path, note: Callable[[str], None]) -> Path | None:
    """Finds the checkpoint to go on from: the newest whose every byte is as it was written.

    Args:
        folder: ``checkpoints/`` of a run.
        note: Told which ones are passed over, and why.

    Returns:
        None if the run broke off before its first.

    Raises:
        InputError: There are checkpoints, but none can be used: to begin anew would throw the work away unasked.
    """
    damaged = []
    for path in reversed(complete(folder).values()):
        try:
            check(path)
        except InputError as error:
            note(f"passed over: {error.what}")
            damaged.append(path)
        else:
            return path
    if unusable := [*damaged, *reversed(strangers(folder))]:
        raise InputError(
            f"none of the run's checkpoints can be used, such as {unusable[0].name}",
            where=str(folder),
            hint="they are damaged, or of an older sdp; to begin at step 0 remove that folder",
        )
    return None
