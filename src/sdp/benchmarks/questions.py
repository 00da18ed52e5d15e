"""The questions of a bench: the same test rows for every model, chosen by their ids alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.benchmarks.columns import n_letters, texts
from sdp.benchmarks.result import ASKED
from sdp.contract.schema import HELD_OUT
from sdp.data.dataset import TaskFolder
from sdp.data.place import Place
from sdp.data.shards import sha256_of
from sdp.errors import InputError

SPLIT = "test"

COLUMNS = ("id", "split", "prompt", "answer", "completion", "key", "family", "template", "meta")


@dataclass(frozen=True)
class Questions:
    """Rows of one task to be answered.

    Attributes:
        task: The task.
        pattern: What a well-formed answer looks like (the generator's `answer_pattern`).
        table: Rows in the row schema, by rising id.
        source: What they were taken from, for the record.
    """

    task: str
    pattern: str
    table: pa.Table
    source: dict[str, Any]

    def texts(self, column: str) -> list[str]:
        """Gives a text column as a list."""
        return texts(self.table, column)

    def meta(self, name: str) -> list[Any]:
        """Gives a typed field of the rows; None where the task has none of that name."""
        if self.table.schema.field("meta").type.get_field_index(name) < 0:
            return [None] * self.table.num_rows
        values: list[Any] = pc.struct_field(self.table["meta"], name).to_pylist()
        return values

    def held_out(self) -> list[bool | None]:
        """Tells for each row whether its phrasing was kept out of training; None where the data does not say."""
        return self.meta(HELD_OUT)

    def positions(self) -> list[int | None]:
        """Gives the place asked for, from the word's start whichever side the question counts from."""
        asked = zip(self.meta("position"), self.meta("from_end"), self.meta("length"), strict=True)
        return [length + 1 - place if from_end else place for place, from_end, length in asked]

    def true_counts(self) -> list[int | None]:
        """Gives the true count of a question that asks for one."""
        return self.meta("count")

    def lengths(self) -> list[int]:
        """Counts the letters of each row's key."""
        return n_letters(self.table["key"])

    def asked(self) -> pa.Table:
        """Gives what is known of the questions, in the schema `ASKED`."""
        columns = {
            "task": pa.array([self.task] * self.table.num_rows, pa.string()),
            "held_out_phrasing": self.held_out(),
            "length": self.lengths(),
            "position": self.positions(),
            "true_count": self.true_counts(),
        }
        columns |= {name: self.table[name].cast(ASKED.field(name).type) for name in ASKED.names if name not in columns}
        return pa.table({name: columns[name] for name in ASKED.names}, schema=ASKED)


def read_questions(folder: TaskFolder, pattern: str, limit: int | None) -> Questions:
    """Takes the test rows with the lowest ids: an id is a hash, so this is a random sample, and always the same one.

    Args:
        folder: A task's data.
        pattern: The task's `answer_pattern`.
        limit: Rows at most; None takes all.

    Returns:
        The rows, by rising id.

    Raises:
        InputError: No test rows, a test shard that was changed, an id that occurs twice, or a limit below 1.
    """
    if limit is not None and limit < 1:
        raise InputError(f"cannot bench on {limit} rows", where="--limit", hint="a whole number above 0")
    if folder.n_rows(SPLIT) == 0:
        raise InputError(
            f"'{folder.path}' has no {SPLIT} rows to bench on",
            where=str(folder.path),
            hint=f"make some: sdp generate {folder.task} --n 1000 --ratios 0,0,1 --out FOLDER",
        )
    check_split(folder, SPLIT)
    table = _lowest(folder, limit)
    facts = {
        "task": folder.task,
        "folder": str(folder.path),
        "fingerprint": folder.manifest.fingerprint,
        "style": folder.manifest.settings.get("style"),
        "split": SPLIT,
        "limit": limit,
        "rows_used": table.num_rows,
        "rows_there": folder.n_rows(SPLIT),
    }
    return Questions(folder.task, pattern, table, facts)


def check_split(folder: TaskFolder, split: str) -> None:
    """Hashes what will be read, and not the train shards, which may be far larger.

    Raises:
        InputError: A shard was changed.
    """
    for shard in folder.manifest.shards:
        if shard.split == split and sha256_of(Place.of(folder.path), shard.file) != shard.sha256:
            raise InputError(
                f"shard '{shard.file}' was changed after it was written",
                where=str(folder.path),
                hint="make the data set again with --overwrite",
            )


def _lowest(folder: TaskFolder, limit: int | None) -> pa.Table:
    ids = np.sort(np.concatenate([batch.column(0).to_numpy() for batch in folder.batches(SPLIT, ["id"])]))
    twice = np.flatnonzero(ids[1:] == ids[:-1])
    if twice.size:
        raise InputError(f"two rows have the id {int(ids[twice[0]]):016x}", where=str(folder.path))
    last = pa.scalar(int(ids[: limit or ids.size][-1]), pa.uint64())
    picked = [batch.filter(pc.less_equal(batch["id"], last)) for batch in folder.batches(SPLIT, COLUMNS)]
    return pa.Table.from_batches(picked).sort_by("id").combine_chunks()
