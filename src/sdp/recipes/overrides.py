"""``-o training.learning_rate=1e-4``: one key of a recipe by its dotted name."""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from sdp.errors import ConfigError, near
from sdp.recipes.schema import Recipe

RENAMED = {"training.early_stopping_patience": "stopping.patience"}
"""Keys of earlier versions, and what they are called now."""

_LENGTHS = {"training.max_steps": "num_train_epochs", "training.num_train_epochs": "max_steps"}
"""Keys that say how long training lasts, and the one each of them replaces."""


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
    named: dict[str, None] = {}
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise ConfigError(f"'{assignment}' is not KEY=VALUE", where="-o", hint="such as -o training.max_steps=100")
        parent, name = _place(tree, key.strip())
        parent[name] = _value(text.strip())
        named[key.strip()] = None
    for key, other in _LENGTHS.items():
        if key in named and f"training.{other}" not in named and tree["training"][key.partition(".")[2]] is not None:
            tree["training"][other] = None
    changed = validated(tree, where="-o")
    _check_meaning(changed, named)
    return changed


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
        text = first["msg"].removeprefix("Value error, ")
        if first["type"] == "value_error":  # written by us, names its keys
            raise ConfigError(text, where=where) from error
        name = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{name}: {text[:1].lower()}{text[1:]} (got {first['input']!r})", where=where) from error


def keys() -> list[str]:
    """Lists every key that can be set."""
    return [
        f"{name}.{inner}" if inner else name
        for name, field in Recipe.model_fields.items()
        if name != "data"  # a list of sources: --data and --replay set it
        for inner in (_fields(field.annotation) or [""])
    ]


def _check_meaning(recipe: Recipe, named: Collection[str]) -> None:
    """Makes sure that what was set does something: a key that is passed over in silence looks as if it worked."""
    for key in named:
        reason = next((reason for start, reason in _idle(recipe) if key.startswith(start)), None)
        if reason:
            raise ConfigError(f"'{key}' does nothing {reason}", where="-o", hint="leave it out")


def _idle(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """Lists beginnings of keys that decide nothing in a recipe, and why."""
    if recipe.method == "full":
        yield "lora.", "with the method full"
    if recipe.method != "qlora":
        yield "quantization.", f"with the method {recipe.method}"
    if "adam" not in recipe.training.optim:
        yield "training.adam_", f"with training.optim={recipe.training.optim}"
    if recipe.training.lr_scheduler_type.startswith("constant"):
        yield "training.lr_scheduler_kwargs", f"with training.lr_scheduler_type={recipe.training.lr_scheduler_type}"
    if recipe.training.save_total_limit is not None:
        yield "checkpoints.keep", "beside training.save_total_limit"
    if recipe.stopping.criterion is not None:
        yield from ((f"stopping.{key}", "where stopping.criterion decides") for key in ("patience", "min_delta"))


def _fields(annotation: object) -> list[str]:
    return list(annotation.model_fields) if isinstance(annotation, type) and issubclass(annotation, BaseModel) else []


def _place(tree: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    known = keys()
    if key not in known:
        if key in RENAMED:
            raise ConfigError(f"there is no key '{key}' any more", where="-o", hint=f"it is called {RENAMED[key]}")
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
