"""Recipes as run folders hold them, also those written before a key was renamed."""

from copy import deepcopy
from typing import Any

from sdp.recipes.overrides import RENAMED, validated
from sdp.recipes.schema import Recipe


def read_stored(tree: dict[str, Any], *, where: str) -> Recipe:
    """Makes a recipe of what run.json holds.

    Args:
        tree: Its ``config.recipe``, written by this version or an earlier one.
        where: What to name if it cannot be read.

    Raises:
        ConfigError: A key or value that no version wrote.
    """
    tree = deepcopy(tree)
    for old, new in RENAMED.items():
        part, _, name = old.partition(".")
        if name in tree.get(part, {}):
            new_part, _, new_name = new.partition(".")
            tree.setdefault(new_part, {})[new_name] = tree[part].pop(name)
    return validated(tree, where=where)
