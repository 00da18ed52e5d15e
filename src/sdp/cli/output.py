"""Results go to stdout, everything else to stderr."""

import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Result = TypeVar("Result")

PIPE_WIDTH = 160  # Tables in a pipe or a file are not bound to a screen; 80, rich's guess, would cut them.


def emit(result: Result, *, as_json: bool, render: "Callable[[Result], RenderableType]") -> None:
    """Prints the result of a verb.

    Args:
        result: What the workflow returned: a dataclass, a mapping or a list.
        as_json: One JSON object instead of text for people.
        render: Makes a string or a rich renderable of the result. A string is printed as it is.
    """
    if as_json:
        sys.stdout.write(json.dumps(plain(result), ensure_ascii=False, indent=2, allow_nan=False) + "\n")
        return
    shown = render(result)
    if isinstance(shown, str):
        sys.stdout.write(shown.rstrip("\n") + "\n")
    else:
        _stdout_console().print(shown)


def plain(value: Any) -> Any:
    """Turns a result into what JSON knows.

    Args:
        value: Dataclasses, mappings, sequences, paths, enums, dates and numbers, numpy's included.

    Returns:
        Dictionaries, lists, strings, numbers, booleans and None. NaN and infinity become None: JSON has neither.

    Raises:
        TypeError: `value` is nothing of these.
    """
    if value is None or (isinstance(value, (bool, int, str)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return plain(_simpler(value))


def _simpler(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, PathLike):
        return fspath(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if hasattr(value, "model_dump"):  # a part of a manifest, without importing pydantic
        return value.model_dump(mode="json")
    if hasattr(value, "tolist"):  # numpy arrays and scalars, without importing numpy
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _stdout_console() -> "Console":
    from rich.console import Console

    class Stdout(Console):
        def on_broken_pipe(self) -> None:
            raise  # noqa: PLE0704  (called by rich in its except block; main() decides what a closed pipe means)

    return Stdout(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)
