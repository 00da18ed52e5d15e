"""Rows in our own schema, as `sdp export` writes them: they come back with their ids."""

import re
from typing import Any

from sdp.importing.shapes.draft import Draft, Shape, needed
from sdp.importing.texts import Unfit, text_of

FIELDS = ("id", "task", "prompt", "answer", "completion", "key", "family", "template")
"""What makes rows ours, beside `meta` or columns that begin with `meta_`."""
META = "meta"
FLAT = "meta_"
"""Before the name of a meta field that is a column of its own, as in CSV."""
_HEX = re.compile("[0-9a-f]{16}")


class OwnRows(Shape):
    """id, task, split, prompt, answer, completion, key, family, template, meta."""

    name = "rows"

    def __init__(self) -> None:
        self.mapping = {name: name for name in (*FIELDS, META)}

    def drafts(self, fields: dict[str, Any], line: int) -> list[Draft]:
        """Takes a row as it is."""
        del line
        texts = {name: text_of(fields.get(name), name) for name in FIELDS if name != "id"}
        answer, completion = needed(texts["answer"], "answer"), needed(texts["completion"], "completion")
        if completion == answer:
            reasoning = None
        elif completion.endswith(f"\n{answer}"):
            reasoning = completion[: -len(answer) - 1]
        else:
            raise Unfit("the completion's last line is not the answer")
        own = {
            "id": _number(fields.get("id")),
            "family": texts["family"] or None,
            "template": _hash(texts["template"]),
            META: meta_of(fields),
        }
        return [Draft(needed(texts["prompt"], "prompt"), answer, reasoning, needed(texts["key"], "key"), own)]


def meta_of(fields: dict[str, Any]) -> dict[str, Any]:
    """Gathers a row's meta: an object, or columns of their own."""
    if isinstance(fields.get(META), dict):
        return dict(fields[META])
    return {name.removeprefix(FLAT): value for name, value in fields.items() if name.startswith(FLAT)}


def _number(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64:
        return value
    if isinstance(value, str) and _HEX.fullmatch(value):
        return int(value, 16)
    raise Unfit("the id is not 16 hexadecimal digits")


def _hash(value: str | None) -> str:
    if value is None or not _HEX.fullmatch(value):
        raise Unfit("the template is not 16 hexadecimal digits")
    return value
