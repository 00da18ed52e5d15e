"""Folders to a store and back: every file compared by its SHA-256, the record of them last.

Nothing can be renamed in an object store. A folder there counts as whole when its record is there; it is written when
everything else is there and was read back, and removed before anything else is changed.
"""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sdp.data.place import Place
from sdp.data.shards import sha256_of
from sdp.errors import InputError, ResourceError
from sdp.runs.checkpoints.folder import hashed
from sdp.runs.checkpoints.record import FileFacts

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Sent:
    """What went over the wire."""

    n_files: int = 0
    n_bytes: int = 0
    n_there: int = 0
    """Files that were there already, with the same bytes."""

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(self.n_files + other.n_files, self.n_bytes + other.n_bytes, self.n_there + other.n_there)


def send(folder: Path, files: Sequence[FileFacts], place: Place, record: str, text: str) -> Sent:
    """Copies a folder into a store, and reads every file back.

    Args:
        folder: Where the files are.
        files: What they should hold.
        place: The folder in the store.
        record: Name of the file that says that the folder is whole.
        text: What it says.

    Raises:
        ResourceError: The store does not take it, or gives back other bytes.
        InputError: A file here is not what `files` says.
    """
    if read_or_none(place, record) not in {None, text.encode()}:
        place.remove(record)
    sent = Sent()
    for file in files:
        if _is_there(place, file):
            sent += Sent(n_there=1)
            continue
        _upload(folder, file, place)
        sent += Sent(n_files=1, n_bytes=file.bytes)
    if read_or_none(place, record) is None:
        place.write_text(record, text)
    return sent


def fetch(place: Place, files: Sequence[FileFacts], folder: Path) -> None:
    """Copies files out of a store, and compares every one with what it should hold.

    Args:
        place: The folder in the store.
        files: What it should hold.
        folder: Where they go; it is nobody's business before the caller has renamed it.

    Raises:
        ResourceError: The store does not give them, or the disk does not take them.
        InputError: A file there is missing, or is not what `files` says.
    """
    for file in files:
        path = folder / file.file
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with place.open(file.file) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, _BLOCK)
        except FileNotFoundError as error:
            raise InputError(
                f"'{file.file}' is missing in '{place}'", where=str(place), hint="push it again"
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            hint = "free some space; the same command then goes on"
            raise ResourceError(f"cannot write '{path}': {reason}", where=str(path), hint=hint) from error
        if hashed(path) != file.sha256:
            raise InputError(f"'{file.file}' in '{place}' was changed", where=str(place), hint="push it again")


def read_or_none(place: Place, name: str) -> bytes | None:
    """Reads a small file of a store, None if it is not there."""
    with suppress(FileNotFoundError):
        return place.read(name)
    return None


def _is_there(place: Place, file: FileFacts) -> bool:
    return place.size(file.file) == file.bytes and sha256_of(place, file.file) == file.sha256


def _upload(folder: Path, file: FileFacts, place: Place) -> None:
    path = folder / file.file
    if path.stat().st_size != file.bytes or hashed(path) != file.sha256:
        raise InputError(f"'{path}' was changed", where=str(path), hint="take another checkpoint")
    with path.open("rb") as source, place.write(file.file) as target:
        shutil.copyfileobj(source, target, _BLOCK)
    if sha256_of(place, file.file) != file.sha256:
        raise ResourceError(
            f"'{file.file}' arrived with other bytes", where=str(place), hint="run the same command again, it goes on"
        )
