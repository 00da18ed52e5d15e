"""Shapes that other tools know: one JSON object per row, made column by column."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from sdp.contract.exporter import Exporter
from sdp.exports.jsonl import Jsonl

Turn = tuple[str, "str | pa.Array"]
"""Who speaks, and what: the same in every row, or each row's own."""


class Shaped(Exporter):
    """Writes ``<split>.jsonl``."""

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes batch by batch."""
        shaped = {split: map(self.shape, batches) for split, batches in splits.items()}
        return Jsonl().write(shaped, schema, folder)

    @abstractmethod
    def shape(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Gives the columns that are written."""


def conversation(turns: Sequence[Turn], role: str, content: str) -> pa.ListArray:
    """Makes a list of turns per row.

    Args:
        turns: In order; at least one of them is a column.
        role: What the field is called that says who speaks.
        content: What the field is called that holds what is said.

    Returns:
        Lists of `{role: …, content: …}`, (n_rows,).
    """
    n_rows = next(len(said) for _, said in turns if not isinstance(said, str))
    columns = [pa.repeat(said, n_rows) if isinstance(said, str) else plain(said) for _, said in turns]
    row_by_row = np.arange(n_rows * len(turns)).reshape(len(turns), n_rows).T.ravel()
    said = pa.concat_arrays(columns).take(pa.array(row_by_row))
    who = pa.array([who for who, _ in turns]).take(pa.array(np.tile(np.arange(len(turns)), n_rows)))
    ends = np.arange(0, n_rows * len(turns) + 1, len(turns), dtype=np.int32)
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays([who, said], [role, content]))


def plain(column: pa.Array) -> pa.Array:
    """Turns dictionary-encoded texts into texts."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def spoken(system: str | None, turns: Sequence[Turn]) -> list[Turn]:
    """Puts the system message first, if there is one."""
    return [("system", system), *turns] if system else list(turns)
