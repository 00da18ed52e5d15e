"""Writing accepted rows split by split, in shards whose number is known only at the end, and the rejected ones."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.columns import constant
from sdp.contract.rows import SPLITS
from sdp.data.manifest import Shard
from sdp.data.place import Place
from sdp.data.shards import ROW_GROUP, ShardWriter
from sdp.importing.convert import Reject

GROUP_BYTES = 64 << 20
"""Of text: a row group of long rows has fewer of them."""
REJECTS = "rejects.parquet"
REJECTS_TOGETHER = 8192
REJECT_SCHEMA = pa.schema([(name, pa.string()) for name in Reject.__dataclass_fields__])
TEXTS = ("answer", "completion", "key", "family", "template")
PLACE = "place"
"""Column beside the rows until they are written: file and line."""

Judge = Callable[[pa.Table], pa.Array]


class RejectsFile:
    """Writes rejected rows as they come; no file if there are none."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._waiting: list[Reject] = []
        self._stack = ExitStack()
        self._writer: ShardWriter | None = None

    def add(self, rejects: list[Reject]) -> None:
        """Takes some."""
        self._waiting += rejects
        if len(self._waiting) >= REJECTS_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        if self._writer is None:
            handle = self._stack.enter_context(self._place.write(REJECTS))
            self._writer = self._stack.enter_context(ShardWriter(handle))
        columns = [[getattr(one, name) for one in self._waiting] for name in REJECT_SCHEMA.names]
        self._writer.write(pa.table([pa.array(column, pa.string()) for column in columns], schema=REJECT_SCHEMA))
        self._waiting = []

    def close(self) -> None:
        """Writes what is left."""
        self._flush()
        self._stack.close()


class SplitWriter:
    """Writes the rows of one split.

    Args:
        place: The unfinished folder.
        split: Which.
        schema: Of the rows.
        judge: Gives each row of a finished table a reason to reject it, or null.
        rows_per_shard: At most, but for the rest of a row group.
    """

    def __init__(self, place: Place, split: str, schema: pa.Schema, judge: Judge, rows_per_shard: int) -> None:
        self._place, self._split, self._schema, self._judge = place, split, schema, judge
        self._rows_per_shard = rows_per_shard
        self._waiting: list[pa.Table] = []
        self._n_waiting = self._n_bytes = 0
        self._stack = ExitStack()
        self._writer: ShardWriter | None = None
        self.parts: list[Shard] = []
        """Finished shards, under names that are not yet their own."""
        self.rejected: list[tuple[str, str, str, str]] = []
        """Place, reason, prompt, answer; whoever takes them empties the list."""
        self.n_judged = 0
        """Rows that were judged; whoever takes note sets it back."""

    def add(self, table: pa.Table) -> None:
        """Takes rows: the columns of the schema as plain strings, meta fields as ``meta.NAME``, and `PLACE`."""
        self._waiting.append(table)
        self._n_waiting += table.num_rows
        self._n_bytes += table.nbytes
        while self._n_waiting >= ROW_GROUP or (self._n_waiting and self._n_bytes >= GROUP_BYTES):
            self._flush()

    def _flush(self) -> None:
        whole = pa.concat_tables(self._waiting).combine_chunks()
        now, rest = whole.slice(0, ROW_GROUP), whole.slice(ROW_GROUP)
        self._waiting = [rest] if rest.num_rows else []
        self._n_waiting, self._n_bytes = rest.num_rows, rest.nbytes
        table = self._finished(now)
        reasons = self._judge(table)
        self.n_judged += table.num_rows
        if reasons.null_count < len(reasons):
            bad = pc.is_valid(reasons)
            refused = now.filter(bad)
            self.rejected += zip(
                refused[PLACE].to_pylist(), reasons.filter(bad).to_pylist(), refused["prompt"].to_pylist(),
                refused["answer"].to_pylist(), strict=True,
            )  # fmt: skip
            table = table.filter(pc.invert(bad))
        if table.num_rows:
            self._write(table)
        pa.default_memory_pool().release_unused()

    def _write(self, table: pa.Table) -> None:
        if self._writer is None:
            handle = self._stack.enter_context(self._place.write(self._name))
            self._writer = self._stack.enter_context(ShardWriter(handle))
        self._writer.write(table)
        if self._writer.n_rows >= self._rows_per_shard:
            self._end_shard()

    @property
    def _name(self) -> str:
        return f"{self._split}-{len(self.parts):05d}.part"

    def _end_shard(self) -> None:
        if self._writer is None:
            return
        writer, name = self._writer, self._name
        self._stack.close()
        self._writer = None
        self.parts.append(
            Shard(file=name, split=self._split, rows=writer.n_rows, bytes=writer.n_bytes, sha256=writer.sha256)
        )

    def end(self) -> None:
        """Writes what is left; more may be added, in another shard."""
        while self._n_waiting:
            self._flush()
        self._end_shard()

    def _finished(self, table: pa.Table) -> pa.Table:
        """Puts rows into the schema: texts that repeat become dictionaries, meta fields one column."""
        n = table.num_rows
        columns: dict[str, pa.Array] = {
            "id": table["id"].combine_chunks(),
            "task": constant(self._schema.metadata[b"task"].decode(), n),
            "split": constant(self._split, n),
            "prompt": table["prompt"].combine_chunks(),
        }
        columns |= {name: table[name].combine_chunks().dictionary_encode() for name in TEXTS}
        meta = self._schema.field("meta").type
        members = [_cast(table[f"meta.{member.name}"].combine_chunks(), member.type) for member in meta]
        columns["meta"] = pa.StructArray.from_arrays(members, fields=list(meta))
        return pa.table([columns[name] for name in self._schema.names], schema=self._schema.remove_metadata())


def _cast(column: pa.Array, kind: pa.DataType) -> pa.Array:
    return column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)


def named(folder: Path, writers: dict[str, SplitWriter]) -> list[Shard]:
    """Gives the finished shards their names, now that it is known how many there are."""
    shards = []
    for split in SPLITS:
        parts = writers[split].parts if split in writers else []
        for number, part in enumerate(parts):
            name = f"{split}-{number:05d}-of-{len(parts):05d}.parquet"
            (folder / part.file).rename(folder / name)
            shards.append(part.model_copy(update={"file": name}))
    return shards
