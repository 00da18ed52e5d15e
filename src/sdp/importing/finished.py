"""From drafts to rows: normalised, with key, family, id and completion."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.data.families import stemming
from sdp.importing.keys import content_hashes, families_of, keys_of
from sdp.importing.normalise import changed, normalised
from sdp.seeds import derive

if TYPE_CHECKING:
    from collections.abc import Callable

AS_WRITTEN = "as written"
CONTENT = "content"
"""Column with the hash of what a row asks and trains."""


class Finisher:
    """Makes rows of drafts.

    Args:
        task: Name of the task.
        language: Of the words, where keys are words.
        members: Name and type of all meta fields; those that a file does not have are filled in.
        words: Whether keys are words.
    """

    def __init__(self, task: str, language: str, members: dict[str, pa.DataType], *, words: bool) -> None:
        self._task = task
        self._stem: Callable[[str], str] | None = stemming(language) if words else None
        self._template = f"{derive('imported', task):016x}"
        self._members = members

    def rows(self, drafts: pa.Table, *, normalise: bool) -> tuple[pa.Table, int]:
        """Makes rows.

        Args:
            drafts: Of one chunk.
            normalise: Whether texts are normalised.

        Returns:
            Rows, and how many of them normalisation changed.
        """
        texts: dict[str, Any] = {name: drafts[name].combine_chunks() for name in drafts.column_names}
        n_changed = 0
        if normalise:
            others = np.zeros(drafts.num_rows, dtype=bool)
            for name in ("prompt", "answer", "reasoning", "key", "family"):
                if texts[name].null_count == drafts.num_rows:
                    continue
                clean = normalised(texts[name])
                others |= changed(texts[name], clean)
                texts[name] = clean
            n_changed = int(others.sum())
        texts["completion"] = _completions(texts["reasoning"], texts["answer"])
        texts["key"] = keys_of(texts["key"], texts["prompt"])
        texts["family"] = families_of(texts["family"], texts["key"], self._stem)
        content = pa.array(content_hashes(self._task, texts["prompt"], texts["completion"]))
        texts[CONTENT] = content
        texts["id"] = pc.coalesce(texts["id"], content) if texts["id"].null_count else texts["id"]
        texts["template"] = pc.fill_null(texts["template"], self._template)
        for name, kind in self._members.items():
            fill = AS_WRITTEN if name == "noise" else None
            column = texts.pop(f"meta.{name}", None)  # put last: one order, whatever the file has
            texts[f"meta.{name}"] = pa.array([fill] * drafts.num_rows, kind) if column is None else column
        return pa.table(texts), n_changed


def _completions(reasonings: pa.StringArray, answers: pa.StringArray) -> pa.StringArray:
    """Puts the answer on the last line of what leads to it."""
    if reasonings.null_count == len(reasonings):
        return answers
    reasonings = pc.if_else(pc.equal(reasonings, ""), None, reasonings)
    worked = pc.binary_join_element_wise(reasonings, answers, "\n")  # null where there is no reasoning
    return pc.coalesce(worked, answers)
