"""``-o training.learning_rate=1e-4``: one key of a recipe by its dotted name."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from sdp.errors import ConfigError, near
from sdp.recipes.schema import Recipe


def with_overrides(recipe: Recipe, assignments: Iterable[str]) -> Recipe:
    """Sets keys of a recipe.

    Args:
        recipe: What holds otherwise.
        assignments: Texts such as ``training.max_steps=100``. Values are JSON where they can be read as JSON, else
            text; ``none`` is null.

    Returns:
        A new recipe.

    Raises:
        ConfigError: An unknown key (near names are given) or a value that does not fit.
    """
    tree = recipe.model_dump()
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise ConfigError(f"'{assignment}' is not KEY=VALUE", where="-o", hint="such as -o training.max_steps=100")
        parent, name = _place(tree, key.strip())
        parent[name] = _value(text.strip())
    return validated(tree, where="-o")


def validated(tree: dict[str, Any], *, where: str) -> Recipe:
    """Makes a recipe of plain values.

    Args:
        tree: Its fields.
        where: What to name if one does not fit.

    Raises:
        ConfigError: One does not fit.
    """
    try:
        return Recipe.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise ConfigError(
            f"{name}: {first['msg'][:1].lower()}{first['msg'][1:]} (got {first['input']!r})", where=where
        ) from error


def keys() -> list[str]:
    """Lists every key that can be set."""
    return [
        f"{name}.{inner}" if inner else name
        for name, field in Recipe.model_fields.items()
        if name != "data"  # a list of sources: --data and --replay set it
        for inner in (_fields(field.annotation) or [""])
    ]


def _fields(annotation: object) -> list[str]:
    return list(annotation.model_fields) if isinstance(annotation, type) and issubclass(annotation, BaseModel) else []


def _place(tree: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    known = keys()
    if key not in known:
        # the bare name of a key is what people remember
        hint = next((f"did you mean '{full}'?" for full in known if full.rpartition(".")[2] == key), None)
        raise ConfigError(f"there is no key '{key}'", where="-o", hint=hint or near(key, known))
    parent, _, name = key.rpartition(".")
    return (tree[parent] if parent else tree), name


def _value(text: str) -> Any:
    if text.lower() in {"none", "null"}:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
