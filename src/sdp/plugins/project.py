"""A project's own plugins: the files that its ``sdp.toml`` lists, and no other.

The table ``[project]`` of the ``sdp.toml`` in the working folder names them, relative to that folder::

    [project]
    name = "my-study"
    generators = ["generators/mirror.py"]
    validators = ["validators/prompt_length.py"]
    templates = ["templates"]
    benchmarks = ["benchmarks/my_study.yaml"]

Being named there is what makes a file run: one that merely lies in ``generators/`` does nothing. What is named must lie
inside the folder, and be reached through no symbolic link, so that the file shows all that can run.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path, PurePosixPath
from typing import Any, Final

from sdp.errors import ConfigError, near

FILE: Final = "sdp.toml"
TABLE: Final = "project"
PREFIX: Final = "project:"
"""Stands before a local plugin's path in its name."""
MODULE: Final = ".py"
SUITE: Final = (".yaml", ".yml")
KINDS: Final[Mapping[str, str]] = {"generators": "generators", "validators": "validators", "benchmarks": "metrics"}
"""Key of the table → what the Python files that it lists must bring."""
SUFFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "generators": (MODULE,),
    "validators": (MODULE,),
    "templates": (),
    "benchmarks": (*SUITE, MODULE),
}
"""Key of the table → how its files may end; folders end in nothing."""
KEYS: Final = ("name", *SUFFIXES)

_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")

Place = Callable[..., str]
"""Gives file and line of a key, by the tables around it and its name."""


@dataclass(frozen=True)
class Listed:
    """One file or folder that a project lists."""

    key: str
    """Of the table."""
    path: str
    """As it is written there: from the project's folder."""
    root: Path

    @property
    def name(self) -> str:
        """The plugin's name."""
        return f"{PREFIX}{self.path}"

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.root / self.path

    @property
    def is_module(self) -> bool:
        """Whether it is Python, to be imported."""
        return self.path.endswith(MODULE) and self.key != "templates"

    @property
    def kind(self) -> str:
        """What it must be."""
        return "folder" if self.key == "templates" else "file"

    @property
    def is_there(self) -> bool:
        """Whether it is."""
        return self.file.is_dir() if self.kind == "folder" else self.file.is_file()


@dataclass(frozen=True)
class Project:
    """What the ``[project]`` table says, checked."""

    root: Path
    name: str
    listed: tuple[Listed, ...] = ()
    """Plugins, template folders and suites, in the order of the file."""

    @property
    def suites(self) -> tuple[Path, ...]:
        """The suites' files."""
        return tuple(one.file for one in self.listed if one.key == "benchmarks" and not one.is_module)

    def unlisted(self) -> Iterator[str]:
        """Names files that lie where others are listed from, and do nothing."""
        known = {one.path for one in self.listed}
        for key, suffixes in SUFFIXES.items():
            for file in sorted((self.root / key).glob("*")) if suffixes else ():
                path = f"{key}/{file.name}"
                if file.suffix in suffixes and not file.name.startswith(("_", ".")) and path not in known:
                    yield path


def read_project(root: Path) -> Project | None:
    """Reads the project of a folder.

    Args:
        root: The working folder; no other place is looked at.

    Returns:
        None where there is no ``sdp.toml``, or none with a table ``[project]``.

    Raises:
        ConfigError: The file is not TOML, or the table cannot be used.
    """
    try:
        tables = tomllib.loads((root / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as e:
        raise ConfigError(f"{FILE} cannot be read: {e}", where=str(root / FILE)) from e
    return project_of(tables[TABLE], root, lambda *path: f"{FILE}: {'.'.join(path)}") if TABLE in tables else None


def project_of(table: Any, root: Path, place: Place) -> Project:
    """Checks a ``[project]`` table.

    Args:
        table: As the TOML reader gives it.
        root: The folder that its ``sdp.toml`` lies in.
        place: For errors.

    Returns:
        What it says. Whether the files are there is seen when they are loaded.

    Raises:
        ConfigError: A key or a value cannot be used, or a path leads out of the folder.
    """
    if not isinstance(table, dict):
        raise ConfigError(
            f"'{TABLE}' must be a table", where=place(TABLE), hint=f"write [{TABLE}] on a line of its own"
        )
    for key in table:
        if key not in KEYS:
            raise ConfigError(f"[{TABLE}] has no '{key}'", where=place(TABLE, key), hint=near(key, KEYS))
    name = table.get("name")
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        what = "a project needs a name" if name is None else f"a project cannot be called {name!r}"
        where = place(TABLE) if name is None else place(TABLE, "name")
        raise ConfigError(what, where=where, hint='letters, digits, and . _ - between them: name = "my-study"')
    listed: dict[str, Listed] = {}
    for key in (key for key in table if key != "name"):
        for path in _paths(key, table[key], place(TABLE, key)):
            fault = _fault_of_path(key, path) or _fault_of_way(root, path)
            if path in listed:
                fault = "it is listed twice", "once is enough"
            if fault:
                what, hint = fault
                raise ConfigError(f"'{path}' in {key} cannot be used: {what}", where=place(TABLE, key), hint=hint)
            listed[path] = Listed(key, path, root)
    return Project(root, name, tuple(listed.values()))


def _paths(key: str, value: Any, where: str) -> list[str]:
    paths = [value] if isinstance(value, str) else value
    if not (isinstance(paths, list) and all(isinstance(path, str) for path in paths)):
        hint = f'such as {key} = ["{key}{"/mirror.py" if key in KINDS else ""}"]'
        raise ConfigError(f"'{key}' must be a list of paths, not {value!r}", where=where, hint=hint)
    return paths


def _fault_of_path(key: str, path: str) -> tuple[str, str] | None:
    """Says what is wrong with a path as it is written, and what to do."""
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path:
        return "it names nothing", "a path from the folder of sdp.toml"
    if path.startswith("/") or ":" in parts[0] or ".." in parts:
        return "it leads out of the project's folder", "what is listed lies inside it; copy it there"
    if "\\" in path or path != "/".join(parts):
        return "it is written in a roundabout way", f'write "{"/".join(parts).replace(chr(92), "/")}"'
    suffixes = SUFFIXES[key]
    if suffixes and not path.endswith(suffixes):
        return f"it does not end in {' or '.join(suffixes)}", f"{key} are single files"
    words = (*parts[:-1], parts[-1].removesuffix(MODULE)) if suffixes and path.endswith(MODULE) else ()
    for word in words:
        if not word.isidentifier() or iskeyword(word):
            return f"'{word}' is no name of a Python module", "letters, digits and _ only: rename it"
    return None


def _fault_of_way(root: Path, path: str) -> tuple[str, str] | None:
    """Says whether a symbolic link is on the way to a file, or below a folder: it may lead anywhere."""
    place = root
    for part in PurePosixPath(path).parts:
        place /= part
        if place.is_symlink():
            break
    else:
        links = (inside for inside in place.rglob("*") if inside.is_symlink()) if place.is_dir() else iter(())
        found = next(links, None)
        if found is None:
            return None
        place = found
    return f"'{place.relative_to(root).as_posix()}' is a symbolic link", "put the file itself there"
