"""Writing so that nothing half-written is ever taken for complete: temporary name, flush, rename."""

import json
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sdp.errors import InputError, ResourceError

LOCK = ".lock"


@contextmanager
def disk(path: Path) -> Iterator[None]:
    """Turns the operating system's complaints about `path` into an error that says what to do."""
    try:
        yield
    except (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        raise ResourceError(
            f"cannot write to '{path}': {error.strerror}", where=str(path), hint="choose another place with --out"
        ) from error
    except OSError as error:
        raise ResourceError(
            f"cannot write to '{path}': {error.strerror or error}",
            where=str(path),
            hint="free some space or choose another disk with --out; the same command then goes on",
        ) from error


def check_place(folder: Path) -> None:
    """Refuses to put a folder where the user stands: it would be swapped out from under them, with all it holds.

    Raises:
        InputError: It is the working folder, or one above it.
        ResourceError: It cannot be looked at.
    """
    with disk(folder):
        place, here = folder.resolve(), Path.cwd()
        if place == here or place in here.parents:
            raise InputError(f"'{folder}' holds the working folder", where=str(place), hint="choose a folder below it")
        folder.exists()  # too long a name, for one


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keeps other processes from working on a folder; the lock goes away with the process, however that ends.

    Raises:
        InputError: Another process works on it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it may have moved the folder away since we opened the file: others lock another one by now.
            if not os.path.samestat((folder / LOCK).stat(), os.fstat(handle.fileno())):
                raise BlockingIOError
        except OSError as error:
            raise InputError(
                f"another process works on '{folder.name}'", where=str(folder), hint="wait for it, or stop it"
            ) from error
        yield


@contextmanager
def atomic_file(path: Path, mode: str = "w") -> Iterator[IO[Any]]:
    """Opens a file that appears under its name only when it is whole and on disk.

    Args:
        path: The final name; missing parent folders are made.
        mode: ``"w"`` for UTF-8 text, ``"wb"`` for bytes.

    Raises:
        ResourceError: The disk is full or the place is not writable.
    """
    # Two machines may share a disk and have processes of the same number.
    temporary = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}.tmp")
    binary = "b" in mode
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open(mode, encoding=None if binary else "utf-8", newline=None if binary else "\n") as handle:
                yield handle
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes a text file, whole or not at all."""
    with atomic_file(path) as handle:
        handle.write(text)


def write_json(path: Path, value: object) -> None:
    """Writes a JSON file, whole or not at all, readable by people."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def swap_in(staging: Path, final: Path) -> None:
    """Puts a finished folder in its place; one that is already there goes away only after the new one is complete.

    Args:
        staging: The finished folder, on the same file system.
        final: Its name from now on.
    """
    with disk(final):
        old = final.with_name(f".{final.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if final.exists():
            final.rename(old)
        try:
            staging.rename(final)
        except OSError:
            if old.exists():
                old.rename(final)
            raise
        shutil.rmtree(old, ignore_errors=True)
