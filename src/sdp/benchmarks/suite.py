"""Suites: what is asked, and how, as a YAML file. Everything in it is checked before anything else is loaded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sdp.data.place import Place
from sdp.errors import ConfigError, InputError, SdpError, near
from sdp.recipes.data_recipe import resolved

SUFFIXES: Final = (".yaml", ".yml")
N_MADE: Final = 1000
"""Questions that are made of a task whose entry does not say how many."""
MAX_BYTES: Final = 100_000

_Positive = Annotated[int, Field(gt=0)]
_Seed = Annotated[int, Field(ge=0)]


class _Entry(BaseModel):
    """One task, as written: ``task`` with settings of the questions to make, or ``data`` that lies there."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    task: str | None = None
    data: str | None = None
    n: _Positive | None = None
    seed: _Seed | None = None
    words: str | None = None
    language: str | None = None
    strata: list[str] | None = None
    balance: str | None = None
    difficulty: Literal["all", "easy", "medium", "hard"] | None = None
    noise: list[str] | None = None
    templates: list[str] | None = None
    tokenizer: str | None = None
    domain: dict[str, Any] | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, Field(pattern="^[a-z][a-z0-9_-]*$")]
    description: str = ""
    tasks: Annotated[list[_Entry], Field(min_length=1)]
    limit: Annotated[int, Field(ge=0)] | None = None
    style: Literal["auto", "direct", "trace"] | None = None
    seed: _Seed | None = None


@dataclass(frozen=True, slots=True)
class SuiteTask:
    """One task of a suite."""

    where: str
    """File and line."""
    task: str | None
    """Name of a task, whose questions are made; None where they lie in `data`."""
    data: str | None = None
    """A folder, a URL, or a name under ./data."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of the questions to make, as `sdp.workflows.generate.GenerateRequest` takes them."""


@dataclass(frozen=True, slots=True)
class Suite:
    """What is asked, checked as far as the file alone can say."""

    name: str
    description: str
    tasks: tuple[SuiteTask, ...]
    options: Mapping[str, Any]
    """`limit` (0: all), `style` and `seed` where the file says them; the command line beats them."""
    file: str
    """For people."""


def builtin_suites() -> tuple[str, ...]:
    """Names the suites that come with sdp."""
    names = (file.name for file in files("sdp.benchmarks").joinpath("suites").iterdir())
    return tuple(sorted(name.removesuffix(SUFFIXES[0]) for name in names if name.endswith(SUFFIXES[0])))


def builtin_suite(name: str) -> Suite:
    """Reads a suite that comes with sdp."""
    file = files("sdp.benchmarks").joinpath("suites").joinpath(f"{name}{SUFFIXES[0]}")
    return parse_suite(file.read_text(encoding="utf-8"), f"sdp/benchmarks/suites/{file.name}", Path())


def read_suite(path: Path) -> Suite:
    """Reads a suite's file.

    Args:
        path: YAML; folders in it are meant from where it lies.

    Raises:
        InputError: It cannot be read.
        ConfigError: It is no suite; the message names the line.
    """
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise InputError(f"a suite has no more than {MAX_BYTES:,} bytes", where=str(path))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) else str(e)
        raise InputError(f"cannot read the suite: {reason}", where=str(path)) from e
    return parse_suite(text, path.as_posix(), path.parent)


def parse_suite(text: str, file: str, folder: Path) -> Suite:
    """Checks a suite's text.

    Args:
        text: YAML.
        file: For errors.
        folder: From where relative folders are meant.

    Raises:
        ConfigError: It is no suite; the message names the line.
        InputError: Data at a URL that is none.
        MissingExtra: The package that reads such a URL is not installed.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        tree = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as e:  # ValueError: a date such as 2026-99-99
        mark = getattr(e, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        raise ConfigError("the suite is not YAML", where=where, hint="key: value, one a line") from e
    if not isinstance(tree, dict) or not isinstance(root, yaml.MappingNode):
        raise ConfigError("a suite is a mapping", where=f"{file}:1", hint="such as\n  name: mine\n  tasks: [spelling]")
    _refuse_repeats(root, file)
    if isinstance(tree.get("tasks"), list):
        tree = {**tree, "tasks": [_entry(entry) for entry in tree["tasks"]]}
    try:
        checked = _File.model_validate(tree)
    except ValidationError as error:
        raise _refusal(error, root, file) from error
    tasks = tuple(
        _task(entry, f"{file}:{_line(root, ('tasks', number))}", folder) for number, entry in enumerate(checked.tasks)
    )
    options = checked.model_dump(include={"limit", "style", "seed"}, exclude_none=True)
    return Suite(checked.name, checked.description, tasks, options, file)


def _entry(entry: Any) -> Any:
    """A bare word is a task, or, with a / in it, a folder."""
    if isinstance(entry, str):
        return {"data" if "/" in entry else "task": entry}
    return entry


def _task(entry: _Entry, where: str, folder: Path) -> SuiteTask:
    settings = entry.model_dump(exclude={"task", "data"}, exclude_none=True)
    if (entry.task is None) == (entry.data is None):
        raise ConfigError("an entry has either 'task' or 'data'", where=where, hint="such as task: spelling")
    if entry.data is not None:
        if settings:
            what = f"'{next(iter(settings))}' is of questions that are made, and 'data' lies there"
            raise ConfigError(what, where=where, hint="leave it out, or write task: in place of data:")
        return SuiteTask(where, None, _place(entry.data, where, folder))
    settings = resolved({"n": N_MADE, **settings}, where=where, folder=folder)
    return SuiteTask(where, entry.task, settings={name: _frozen(value) for name, value in settings.items()})


def _place(data: str, where: str, folder: Path) -> str:
    """Takes a folder from where the suite lies; a URL is what it is."""
    try:
        place = Place.of(data)
    except SdpError as e:
        raise type(e)(e.what, where=where, hint=e.hint) from e
    return str(folder / place.path) if "/" in data and place.is_local else data


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _frozen(inner) for name, inner in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _refuse_repeats(node: yaml.Node, file: str) -> None:
    """YAML takes the last of two equal keys, silently."""
    for mapping in _mappings(node, set()):
        seen: dict[str, int] = {}
        for key, _ in mapping.value:
            line = key.start_mark.line + 1
            if str(key.value) in seen:
                what = f"'{key.value}' is there twice"
                raise ConfigError(what, where=f"{file}:{line}", hint=f"first in line {seen[key.value]}")
            seen[str(key.value)] = line


def _mappings(node: yaml.Node, seen: set[int]) -> Iterator[yaml.MappingNode]:
    if id(node) in seen:  # an alias, perhaps of itself
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _mappings(item, seen)


def _refusal(error: ValidationError, root: yaml.Node, file: str) -> ConfigError:
    first = error.errors()[0]
    place = first["loc"]
    where = f"{file}:{_line(root, place)}"
    key = str(place[-1])
    model = _Entry if len(place) > 2 and place[0] == "tasks" else _File  # noqa: PLR2004  (tasks, number, key)
    if first["type"] == "extra_forbidden":
        whose = "an entry of a suite" if model is _Entry else "a suite"
        return ConfigError(f"{whose} has no '{key}'", where=where, hint=near(key, model.model_fields))
    if first["type"] == "missing":
        return ConfigError(f"a suite needs '{key}'", where=where, hint=_EXAMPLES.get(key))
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    said = first["msg"][:1].lower() + first["msg"][1:]
    return ConfigError(f"{name}: {said} (got {first['input']!r})", where=where, hint=_EXAMPLES.get(key))


_EXAMPLES: Final[Mapping[str, str]] = {
    "name": "a word of small letters, digits, - and _, such as name: letters",
    "tasks": "a list such as tasks: [spelling, data/mine]",
    "limit": "questions per task, such as limit: 500; 0 for all",
    "n": "questions to make, such as n: 500",
}


def _line(node: yaml.Node, place: tuple[int | str, ...]) -> int:
    """Finds the line of a key or an entry, or of the nearest thing around it that is there."""
    line = node.start_mark.line + 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return int(line)
