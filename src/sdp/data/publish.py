"""A finished folder, put into an object store: file by file, marked as unfinished until the last one is there."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sdp.data.place import Place
from sdp.errors import InputError, ResourceError

UNFINISHED = ".unfinished"
"""An object that is there, in every folder that is written, while others are missing or old."""


def check_whole(place: Place) -> None:
    """Refuses to read from a folder in a store whose files may be of two exports.

    Raises:
        InputError: It is unfinished.
    """
    mark = None
    with suppress(ResourceError):  # who may read one file alone may not look beside it
        mark = place.size(UNFINISHED)
    if mark is not None:
        raise InputError(
            f"'{place}' is unfinished: an export into it broke off, or goes on",
            where=str(place),
            hint="export it again",
        )


def check_free(place: Place, *, overwrite: bool) -> None:
    """Makes sure that a folder in a store may be written: it is empty, or unfinished, or to be replaced.

    Raises:
        InputError: Something is there.
        ResourceError: It cannot be looked at.
    """
    names = place.names()
    if names and UNFINISHED not in names and not overwrite:
        raise InputError(
            f"'{place}' is there already", where=str(place), hint="add --overwrite or choose another --out"
        )


def publish(folder: Path, files: Sequence[Path], place: Place, *, overwrite: bool) -> None:
    """Copies files into a store. Nothing can be renamed there: `UNFINISHED` says that the rest is on its way.

    Args:
        folder: Where they are.
        files: Relative to it.
        place: Where they go. What breaks off there is taken back, unless it replaces something.
        overwrite: Whether something may be there.

    Raises:
        InputError: Something is there that is none of these files.
        ResourceError: The store does not take it.
    """
    names = [PurePosixPath(file).as_posix() for file in files]
    check_free(place, overwrite=overwrite)
    below = sorted({PurePosixPath(name).parent.as_posix() for name in names} - {"."})
    marks = [UNFINISHED, *(f"{folder}/{UNFINISHED}" for folder in below)]
    there = _there(place, below)
    if foreign := sorted(there - {*names, *marks}):
        raise InputError(
            f"'{place}' holds '{foreign[0]}', which this export would not write",
            where=str(place),
            hint="remove it yourself, or choose another --out",
        )
    place.write_text(UNFINISHED, "\n".join([*names, ""]))
    sent: list[str] = []
    try:
        for name in marks[1:]:
            parent, file = _split(place, name)
            parent.write_text(file, "")
        for name in names:
            sent.append(name)
            parent, file = _split(place, name)
            with (folder / name).open("rb") as source, parent.write(file) as target:
                shutil.copyfileobj(source, target, 1 << 20)
    except BaseException:
        if not there:
            _remove(place, [*sent, *reversed(marks)])
        raise
    _remove(place, [*reversed(marks)])


def _there(place: Place, below: Sequence[str]) -> set[str]:
    """Names what is in the folder, and in those below it that are written."""
    found = set(place.names())
    for folder in below:
        found |= {f"{folder}/{name}" for name in place.child(folder).names()}
    return found


def _remove(place: Place, names: Sequence[str]) -> None:
    for name in names:
        parent, file = _split(place, name)
        parent.remove(file)


def _split(place: Place, name: str) -> tuple[Place, str]:
    path = PurePosixPath(name)
    parent = path.parent.as_posix()
    return (place if parent == "." else place.child(parent)), path.name
