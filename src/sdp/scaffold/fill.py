"""Fills in the files of a scaffold and puts them in their place, all of them or none.

In a file ``<<name>>`` stands for a word; in a path a word stands for itself in capitals (``PACKAGE``), and ``dot-`` at
the beginning for a dot: hidden files would be lost on their way into a wheel.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from keyword import iskeyword
from pathlib import Path
from typing import Final, Literal

from sdp import __version__
from sdp.data.atomic import disk
from sdp.errors import InputError

SUFFIX: Final = ".in"
_WORD: Final = re.compile("<<([a-z_]+)>>")


def fill(kind: Literal["plugin", "project"], words: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Writes a scaffold.

    Args:
        kind: Which.
        words: What stands for each word in it; one that a file has and this has not is a bug.
        folder: A new folder; what is there is left alone.

    Returns:
        The files, by their paths in the folder, sorted.

    Raises:
        InputError: The folder is there, or the one around it is not.
        ResourceError: The place is not writable.
    """
    texts = {_path(path, words): _text(file, words) for path, file in _files(files("sdp.scaffold").joinpath(kind))}
    check_free(folder)
    staging = folder.with_name(f".{folder.name}.unfinished")
    with disk(folder):
        shutil.rmtree(staging, ignore_errors=True)
        try:
            for path, text in texts.items():
                file = staging / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
            staging.rename(folder)  # fails where somebody else put something there a moment ago
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return tuple(sorted(texts))


def sdp_range() -> str:
    """Says which versions of sdp a scaffold made by this one goes with: up to the next major version."""
    major, minor, *_ = __version__.split(".")
    return f"sdp>={major}.{minor},<{int(major) + 1}"


def check_importable(name: str, where: str, instead: str) -> None:
    """Refuses a name that no module can be imported by.

    Args:
        name: Of the module.
        where: The argument that it came from.
        instead: A name that would do.

    Raises:
        InputError: It is a keyword.
    """
    if iskeyword(name):
        raise InputError(f"'{name}' is a word of Python", where=where, hint=f"choose another name, such as {instead}")


def check_free(folder: Path) -> None:
    """Refuses a place that is taken.

    Raises:
        InputError: It is, or nothing is around it.
    """
    if folder.is_symlink() or folder.exists():
        kind = "folder" if folder.is_dir() else "file"
        hint = "choose another name, or remove it yourself"
        raise InputError(f"there is a {kind} '{folder}' already", where=str(folder), hint=hint)
    if not folder.parent.is_dir():
        raise InputError(f"there is no folder '{folder.parent}'", where=str(folder), hint=f"mkdir -p {folder.parent}")


def _files(place: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in place.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIX):
            yield f"{prefix}{entry.name.removesuffix(SUFFIX)}", entry


def _path(path: str, words: Mapping[str, str]) -> str:
    parts = [re.sub("^dot-", ".", part) for part in path.split("/")]
    return re.sub("[A-Z]{4,}(?=[./_]|$)", lambda found: words.get(found[0].lower(), found[0]), "/".join(parts))


def _text(file: Traversable, words: Mapping[str, str]) -> str:
    return _WORD.sub(lambda found: words[found[1]], file.read_text(encoding="utf-8"))
