"""A YAML file that says what data to make, for `sdp generate --recipe`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from sdp.contract.rows import SPLITS
from sdp.data.lexicon import split_sources
from sdp.errors import ConfigError, InputError, near

KEYS = (
    "task", "n", "ratios", "rows", "seed", "style", "words", "language", "templates", "noise", "strata", "balance",
    "difficulty", "tokenizer", "domain",
)  # fmt: skip
"""What may stand in it; `rows` gives rows per split, instead of `n` and `ratios`."""
LISTS = ("templates", "noise", "strata")
WHOLE = ("n", "seed")
TEXTS = ("task", "style", "words", "language", "balance", "difficulty", "tokenizer")


def read_data_recipe(path: Path) -> dict[str, Any]:
    """Reads a recipe.

    Args:
        path: A YAML file; folders in `templates` and a ``file:`` in `words` are meant from where it lies.

    Returns:
        Its keys and values; `rows` is made into `n` and `ratios`.

    Raises:
        InputError: It cannot be read.
        ConfigError: It is no mapping, or has a key that means nothing.
    """
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the recipe: {error.strerror}", where=str(path)) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise ConfigError("the recipe is not YAML", where=where, hint="key: value, one a line") from error
    if not isinstance(tree, dict):
        raise ConfigError("a recipe is a mapping", where=str(path), hint="such as\n  task: spelling\n  n: 50000")
    for key in tree:
        if key not in KEYS:
            raise ConfigError(f"a data recipe has no '{key}'", where=str(path), hint=near(str(key), KEYS))
    return resolved(tree, where=str(path), folder=path.parent)


def set_keys(tree: dict[str, Any], assignments: Iterable[str]) -> dict[str, Any]:
    """Sets single keys: ``domain.bases=0,1`` or ``difficulty=hard``.

    Raises:
        ConfigError: Not KEY=VALUE, or no such key.
    """
    tree = dict(tree)
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        name, dot, rest = key.strip().partition(".")
        if not equals:
            raise ConfigError(f"'{assignment}' is not KEY=VALUE", where="-o", hint="such as -o domain.bases=1")
        if name not in KEYS or bool(dot) != (name in {"domain", "rows"}):
            raise ConfigError(f"a data recipe has no '{key}'", where="-o", hint=near(name, KEYS))
        if dot:
            values = dict(tree.get(name) or {})
            values[rest] = text if name == "rows" else text.split(",")
            tree[name] = values
        else:
            tree[name] = text
    return resolved(tree, where="-o")


def resolved(tree: dict[str, Any], *, where: str, folder: Path | None = None) -> dict[str, Any]:
    """Brings values into the form that settings have: lists, total and shares, paths from the recipe's folder."""
    tree = dict(tree)
    _check_kinds(tree, where)
    for name in LISTS:
        if isinstance(tree.get(name), str):
            tree[name] = [part for part in tree[name].split(",") if part]
    for name in WHOLE:
        if tree.get(name) is not None:
            tree[name] = _whole(tree[name], name, where)
    if tree.get("ratios") is not None:
        tree["ratios"] = _three(tree["ratios"], where)
    if tree.get("rows") is not None:
        tree |= _of_rows(tree.pop("rows"), where)
    if folder is not None:
        tree |= _from_folder(tree, folder)
    if tree.get("domain"):
        tree["domain"] = {
            name: [str(value) for value in (values if isinstance(values, list) else [values])]
            for name, values in tree["domain"].items()
        }
    return tree


def of_split_sizes(sizes: dict[str, int]) -> dict[str, Any]:
    """Says rows per split as a total and shares, which is what is kept."""
    counts = [sizes.get(split, 0) for split in SPLITS]
    return {"n": sum(counts), "ratios": [float(count) for count in counts]}


def _of_rows(rows: Any, where: str) -> dict[str, Any]:
    if not isinstance(rows, dict) or not rows:
        raise ConfigError("rows are given per split", where=where, hint="rows: {train: 8000, test: 1000}")
    for split in rows:
        if split not in SPLITS:
            raise ConfigError(f"there is no split '{split}'", where=where, hint=near(str(split), SPLITS))
    return of_split_sizes({split: _whole(count, split, where) for split, count in rows.items()})


def _check_kinds(tree: dict[str, Any], where: str) -> None:
    for name in TEXTS:
        if not isinstance(tree.get(name), str | None):  # YAML reads `language: no` as False
            what = f"{name} is a text, not {tree[name]!r}"
            raise ConfigError(what, where=where, hint=f'put it in quotes: {name}: "…"')
    if not isinstance(tree.get("domain"), dict | None):
        raise ConfigError("domain is a mapping", where=where, hint="such as domain: {letters: [e, a]}")


def _whole(value: Any, name: str, where: str) -> int:
    text = str(value).replace("_", "")
    if isinstance(value, bool) or not text.removeprefix("-").isdecimal():
        raise ConfigError(f"{name} is a whole number, not {value!r}", where=where, hint=f"such as {name}=50000")
    return int(text)


def _three(value: Any, where: str) -> list[float]:
    numbers = _numbers(value.split(",") if isinstance(value, str) else value, "ratios", where)
    if len(numbers) != len(SPLITS):
        raise ConfigError("ratios are three numbers", where=where, hint="train,validation,test, such as 0.8,0.1,0.1")
    return numbers


def _numbers(values: Iterable[Any], name: str, where: str) -> list[float]:
    try:
        return [float(value) for value in values]
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{name} are numbers", where=where, hint="such as 0.8,0.1,0.1") from error


def _from_folder(tree: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Reads paths from where the recipe lies, not from where the command is typed."""
    moved: dict[str, Any] = {}
    if tree.get("templates"):
        moved["templates"] = [str(folder / name) for name in tree["templates"]]
    if isinstance(words := tree.get("words"), str):
        moved["words"] = "+".join(_moved(source, folder) for source in split_sources(words))
    return moved


def _moved(source: str, folder: Path) -> str:
    if not source.startswith("file:"):
        return source
    *kind, name = source.split(":")
    return ":".join([*kind, str(folder / Path(name).expanduser())])
