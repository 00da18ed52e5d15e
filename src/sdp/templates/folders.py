"""Where phrasings lie: packaged files, plugins' folders, and folders that a user names."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, NamedTuple

from sdp.errors import TemplateError

SUFFIX: Final = ".jinja"
MAX_FILE: Final = 1_000_000
"""Bytes of one file: a family is a few thousand."""


class Family(NamedTuple):
    """One file of phrasings."""

    name: str
    """Its stem."""
    shown: str
    """How errors call it; packaged ones by their path within the package."""
    file: Traversable


def packaged(task: str, language: str) -> Iterator[Family]:
    """Lists the families that ship with the package."""
    yield from _families(files("sdp.templates").joinpath(language).joinpath(task), f"{language}/{task}/")


def in_folder(folder: Path, task: str, language: str) -> Iterator[Family]:
    """Lists the families of a folder: those in ``<language>/<task>``, and those right in it.

    Raises:
        TemplateError: The folder is not there or cannot be read.
    """
    if not folder.is_dir():
        raise TemplateError(
            "the template folder is not there" if not folder.exists() else "a template folder is a folder, not a file",
            where=str(folder),
        )
    yield from _families(folder, f"{folder.as_posix()}/")
    yield from _families(folder / language / task, f"{folder.as_posix()}/{language}/{task}/")


def languages_of(task: str) -> list[str]:
    """Lists the languages that have packaged phrasings of a task, sorted."""
    roots = files("sdp.templates").iterdir()
    return sorted(root.name for root in roots if root.is_dir() and any(packaged(task, root.name)))


def layout(folder: Path) -> list[tuple[str, str]]:
    """Lists the (language, task) pairs that a folder has phrasings for, sorted."""
    files_of = [path.relative_to(folder).parts for path in folder.glob(f"*/*/*{SUFFIX}")]
    return sorted({(language, task) for language, task, _ in files_of})


def require(folder: Path, task: str, language: str) -> None:
    """Refuses a folder that somebody named for a task, and that has nothing for it.

    Raises:
        TemplateError: Says what the folder has instead.
    """
    if any(in_folder(folder, task, language)):
        return
    others = [f"{found}/{of}" for found, of in layout(folder)]
    tasks = sorted(path.parent.name for path in folder.glob(f"*/*{SUFFIX}"))
    stray = sorted(path.name for path in folder.iterdir() if path.is_file())
    hint = f"put {SUFFIX} files into {folder.as_posix()}/{language}/{task}, or right into the folder"
    if others:
        hint += f"; it has {', '.join(others)}"
    elif tasks:
        hint += f"; the files in '{tasks[0]}' want a folder of their language around it"
    elif stray:
        hint += f"; '{stray[0]}' {'is hidden' if stray[0].endswith(SUFFIX) else f'does not end in {SUFFIX}'}"
    raise TemplateError(
        f"the template folder has no phrasings for '{task}' in language '{language}'", where=str(folder), hint=hint
    )


def read_text(family: Family) -> str:
    """Reads one file, with ``\\n`` as line end.

    Raises:
        TemplateError: It is no file, too large, or not UTF-8.
    """  # noqa: D301  (the backslash is part of the name)
    try:
        if isinstance(family.file, Path) and family.file.is_file() and family.file.stat().st_size > MAX_FILE:
            raise TemplateError(f"the template file has more than {MAX_FILE:,} bytes", where=f"{family.shown}:1")
        # A pipe would never end, a folder has no text.
        if not family.file.is_file():
            raise TemplateError("the template file is no ordinary file", where=f"{family.shown}:1")
        return unix(family.file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as e:
        line = e.object[: e.start].count(b"\n") + 1
        raise TemplateError(
            f"the template file cannot be read: {e}", where=f"{family.shown}:{line}", hint="it must be UTF-8 text"
        ) from e
    except OSError as e:
        raise TemplateError(f"the template file cannot be read: {e}", where=f"{family.shown}:1") from e


def unix(text: str) -> str:
    """Makes line ends the same everywhere: a checkout with CRLF must not change a hash."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def paragraphs(content: str) -> Iterator[tuple[int, str]]:
    """Splits at blank lines; gives each part's first line number and text, comments left out."""
    start, lines = 0, list[str]()
    # Not splitlines(): it also cuts at U+2028 and form feed, which may stand inside a phrasing.
    for number, line in enumerate([*content.split("\n"), ""], start=1):
        bare = line.strip()
        # A comment's own line would leave its line end at the head of the prompt.
        if bare and not _is_comment(bare):
            start = start or number
            lines.append(line)
            continue
        text = "\n".join(lines).strip()
        if text and not _is_comment(text):
            yield start, text
        start, lines = 0, []


def _families(place: Traversable, prefix: str) -> Iterator[Family]:
    try:
        entries = sorted(place.iterdir(), key=lambda entry: entry.name) if place.is_dir() else []
    except OSError as e:
        raise TemplateError(f"the template folder cannot be read: {e.strerror}", where=str(place)) from e
    for file in entries:
        # Editors leave hidden files beside the one that is open.
        if file.name.endswith(SUFFIX) and not file.name.startswith("."):
            yield Family(file.name.removesuffix(SUFFIX), f"{prefix}{file.name}", file)


def _is_comment(text: str) -> bool:
    return text.startswith("{#") and text.find("#}") == len(text) - 2
