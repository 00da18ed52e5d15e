"""Where an option's value comes from: flag, environment, sdp.toml in the working folder, default.

``sdp.toml`` has a table per verb, and ``[defaults]`` for options that verbs share::

    [defaults]
    seed = 7

    [generate]
    n = 50000

The table ``[project]`` lists the folder's own plugins; it is checked here, so that errors name the line, and read where
plugins are loaded.

A file or a variable with a wrong name or type is refused: a setting that is silently ignored looks like one that works.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, get_args, get_origin

import typer
from typer.core import TyperOption

from sdp.cli.commands import load_command, options_of, variable
from sdp.cli.table import VERBS
from sdp.cli.toml_lines import line_of, line_of_syntax_error
from sdp.errors import ConfigError, near
from sdp.plugins.project import FILE, project_of
from sdp.plugins.project import TABLE as PROJECT

SHARED: Final = "defaults"


@dataclass(frozen=True)
class Settings:
    """What sdp.toml says, checked."""

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Per verb: option → value, ``[defaults]`` included."""

    def default_map(self, verb: str) -> dict[str, Any]:
        """Gives Typer its defaults for one verb, by Python parameter."""
        named = _options(verb)
        return {named[option].name: value for option, value in self.values.get(verb, {}).items()}


def load_settings(folder: Path) -> Settings:
    """Reads and checks sdp.toml and the environment.

    Args:
        folder: The working folder; no other place is looked at.

    Returns:
        The file's values. (Typer reads the environment by itself.)

    Raises:
        ConfigError: The file is not TOML, or a name or a value in the file or the environment cannot be used.
    """
    _check_environment()
    path = folder / FILE
    if not path.exists():
        return Settings()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise ConfigError(f"{FILE} cannot be read: {e}", where=str(path)) from e
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise ConfigError(f"{FILE} is not TOML: {e}", where=f"{FILE}:{line_of_syntax_error(text, e)}") from e
    return Settings(_checked(text, tables, folder))


def _checked(text: str, tables: Mapping[str, Any], folder: Path) -> dict[str, dict[str, Any]]:
    # Lines are looked for only when something is wrong: it takes a while.
    def place(*path: str) -> Callable[[], str]:
        return lambda: f"{FILE}:{line_of(text, path)}"

    for name, table in tables.items():
        if name == PROJECT:
            project_of(table, folder, lambda *path: place(*path)())
        else:
            _check_table(name, table, place(name))
    shared = tables.get(SHARED, {})
    for option in shared:
        if option not in _all_options():
            hint = near(option, _all_options())
            raise ConfigError(f"no verb has an option '{option}'", where=place(SHARED, option)(), hint=hint)
    values: dict[str, dict[str, Any]] = {}
    for verb in VERBS if shared else [name for name in tables if name != PROJECT]:
        taken = {option: (SHARED, value) for option, value in shared.items() if option in _options(verb)}
        taken |= {option: (verb, value) for option, value in tables.get(verb, {}).items()}
        values[verb] = {
            option: _checked_value(verb, option, value, place(table, option))
            for option, (table, value) in taken.items()
        }
    return values


def _check_table(name: str, table: Any, where: Callable[[], str]) -> None:
    is_table = isinstance(table, dict)
    if name not in VERBS and name != SHARED:
        if not is_table and name in _all_options():
            hint = f"put it into [{SHARED}], or into the table of a verb"
            raise ConfigError(f"'{name}' stands outside a table", where=where(), hint=hint)
        raise ConfigError(f"unknown verb '{name}'", where=where(), hint=near(name, [*VERBS, SHARED, PROJECT]))
    if not is_table:
        raise ConfigError(f"'{name}' must be a table", where=where(), hint=f"write [{name}] on a line of its own")


def _check_environment() -> None:
    for name, value in sorted(os.environ.items()):
        verb = next((verb for verb in VERBS if name.startswith(f"SDP_{verb.upper()}_")), None)
        if verb is None or not value:  # Typer takes an empty variable as none
            continue
        variables = {variable(verb, option): option for option in _options(verb)}
        if name not in variables:
            raise ConfigError(f"unknown option in the environment: {name}", where=name, hint=near(name, variables))
        param = _options(verb)[variables[name]]
        _coerce(verb, variables[name], param.value_from_envvar(_context(verb)), partial(str, name))


def _checked_value(verb: str, option: str, value: Any, where: Callable[[], str]) -> Any:
    options = _options(verb)
    if option not in options:
        raise ConfigError(f"'{verb}' has no option '{option}'", where=where(), hint=near(option, options))
    kind = options[option].type_descriptor
    if kind.is_list and not isinstance(value, list):
        value = [value]  # so that a shared `model = "tiny"` also serves a verb that takes several
    if not _fits(kind.annotation, value):
        raise _refusal(verb, option, value, where())
    _coerce(verb, option, value, where)
    return value


def _fits(annotation: Any, value: Any) -> bool:
    """Compares kinds. Typer's own conversion is for words of a command line: it takes "50000" and true for numbers."""
    if get_origin(annotation) is list:
        return isinstance(value, list) and all(_fits(get_args(annotation)[0], item) for item in value)
    kinds: dict[Any, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (int, float)}
    return isinstance(value, kinds.get(annotation, (str,))) and isinstance(value, bool) == (annotation is bool)


def _coerce(verb: str, option: str, value: Any, where: Callable[[], str]) -> None:
    param = _options(verb)[option]
    try:
        param.get_runtime_param().coerce(value, param=param, ctx=_context(verb))
    except typer.BadParameter as e:
        raise _refusal(verb, option, value, where()) from e


def _refusal(verb: str, option: str, value: Any, where: str) -> ConfigError:
    param = _options(verb)[option]
    limits = [
        f"{word} {limit}" for word, limit in (("at least", param.min), ("at most", param.max)) if limit is not None
    ]
    hint = ", ".join([f"it must be {_wanted(param.type_descriptor.annotation)}", *limits])
    shown = str(value).lower() if isinstance(value, bool) else repr(value)
    return ConfigError(f"'{option}' of '{verb}' cannot be {shown}", where=where, hint=hint)


def _wanted(annotation: Any) -> str:
    names = {int: "an integer", float: "a number", bool: "true or false", str: "a string", Path: "a path, as a string"}
    if annotation in names:
        return names[annotation]
    choices = get_args(annotation)
    if get_origin(annotation) is list:
        return f"a list, each {_wanted(choices[0])}"
    return "one of " + ", ".join(f'"{choice}"' for choice in choices)


def _options(verb: str) -> dict[str, TyperOption]:
    return options_of(load_command(verb))


def _context(verb: str) -> Any:
    return load_command(verb).make_context(verb, [], resilient_parsing=True)


@cache
def _all_options() -> frozenset[str]:
    return frozenset(option for verb in VERBS for option in _options(verb))
