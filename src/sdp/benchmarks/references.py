"""What is right: the questions that recorded predictions answer, in the order of their file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.benchmarks.columns import texts
from sdp.benchmarks.predictions.bench_rows import asked_in_bench
from sdp.benchmarks.questions import COLUMNS, Questions, check_split
from sdp.contract.rows import id_to_text
from sdp.data.dataset import TaskFolder
from sdp.errors import InputError, near


@dataclass(frozen=True)
class References:
    """Questions and their right answers.

    Attributes:
        asked: In the schema `ASKED`, in the order of the file.
        has_ids: Whether the ids are the file's own; else they are made of line, prompt and answer.
        sources: What they were taken from, for the record.
        notes: What the reader should know.
        by_file: Tasks that are called after their file, which nobody said are the task of a plugin.
    """

    asked: pa.Table
    has_ids: bool
    sources: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    by_file: frozenset[str] = frozenset()

    @property
    def numbers(self) -> npt.NDArray[np.uint64]:
        """The ids, (n_rows,)."""
        return np.asarray(self.asked["id"], dtype=np.uint64)

    @property
    def tasks(self) -> list[str]:
        """Names the tasks, in the order of their first rows."""
        names: list[str] = pc.unique(self.asked["task"]).to_pylist()
        return names


def of_folder(folder: TaskFolder, split: str) -> References:
    """Takes a split of a data set.

    Args:
        folder: The data set.
        split: One of its splits.

    Raises:
        InputError: No such rows, a shard that was changed, or an id that occurs twice.
    """
    if folder.n_rows(split) == 0:
        hint = near(split, folder.manifest.splits).replace("choices are", "splits are")
        raise InputError(f"'{folder.path}' has no {split} rows", where="--split", hint=hint)
    check_split(folder, split)
    asked = Questions(folder.task, "", folder.table(split, COLUMNS), {}).asked()
    facts = {
        "task": folder.task,
        "folder": str(folder.path),
        "fingerprint": folder.manifest.fingerprint,
        "split": split,
        "rows_there": asked.num_rows,
    }
    return _checked(References(asked, has_ids=True, sources=[facts]), str(folder.path))


def of_bench(path: Path) -> References:
    """Takes the questions of a bench.

    Args:
        path: Its rows.

    Raises:
        InputError: It cannot be read.
    """
    asked = asked_in_bench(path)
    facts = {"bench": str(path), "rows_there": asked.num_rows}
    return References(asked, has_ids=True, sources=[facts])


def joined(parts: Sequence[References]) -> References:
    """Puts several together.

    Raises:
        InputError: One has no ids, or an id occurs in two of them.
    """
    if len(parts) == 1:
        return parts[0]
    if not all(part.has_ids for part in parts):
        raise InputError("several references pair by id, and one of them has none", where="--reference")
    whole = References(
        pa.concat_tables([part.asked for part in parts]),
        has_ids=True,
        sources=[facts for part in parts for facts in part.sources],
        notes=[note for part in parts for note in part.notes],
        by_file=frozenset().union(*(part.by_file for part in parts)),
    )
    return _checked(whole, "--reference")


def _checked(references: References, where: str) -> References:
    check_ids(references.numbers, None, where)
    return references


def check_ids(numbers: npt.NDArray[np.uint64], names: Sequence[str] | None, where: str) -> None:
    """Makes sure that every id occurs once.

    Args:
        numbers: The ids.  # (n_rows,)
        names: As they stand in the file; None: ids of ours.
        where: The file.

    Raises:
        InputError: Some occur more often; the first ones are named.
    """
    order = np.argsort(numbers, kind="stable")
    again = order[1:][numbers[order][1:] == numbers[order][:-1]]
    if again.size == 0:
        return
    shown = [id_to_text(int(numbers[row])) if names is None else names[row] for row in np.sort(again).tolist()]
    distinct = list(dict.fromkeys(shown))
    some = ", ".join(distinct[:5]) + (", …" if len(distinct) > 5 else "")  # noqa: PLR2004  (enough to see a pattern)
    raise InputError(
        f"{len(distinct)} ids occur more than once: {some}", where=where,
        hint="keep one row of each; --id names another field",
    )  # fmt: skip


def answers(references: References) -> list[str]:
    """Gives the right answers."""
    return texts(references.asked, "answer")
