"""Checks with one mistake each, and a sound one."""

import ctypes

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.api import Validator

LONGEST = 500


class Brief(Validator):
    """Refuses prompts of more than 500 characters."""

    name = "brief"

    def reasons(self, table: pa.Table) -> pa.Array:
        long = pc.greater(pc.utf8_length(table["prompt"]), LONGEST)
        return pc.if_else(long, "the prompt is too long", pa.scalar(None, pa.string())).combine_chunks()


class Grumpy(Brief):
    """Refuses good rows."""

    name = "grumpy"

    def reasons(self, table: pa.Table) -> pa.Array:
        return pc.if_else(pc.greater(pc.utf8_length(table["prompt"]), 5), "too long", pa.scalar(None, pa.string()))


class Blind(Brief):
    """Accepts everything."""

    name = "blind"

    def reasons(self, table: pa.Table) -> pa.Array:
        return pa.nulls(table.num_rows, pa.string())


class OneShort(Brief):
    """Judges all rows but the last."""

    name = "one_short"

    def reasons(self, table: pa.Table) -> pa.Array:
        return super().reasons(table)[:-1]


class Booleans(Brief):
    """Says whether, not why."""

    name = "booleans"

    def reasons(self, table: pa.Table) -> pa.Array:
        return pc.greater(pc.utf8_length(table["prompt"]), LONGEST)


class ByChunk(Brief):
    """Compares each prompt with the mean of its chunk."""

    name = "by_chunk"

    def reasons(self, table: pa.Table) -> pa.Array:
        lengths = pc.utf8_length(table["prompt"])
        long = pc.greater(lengths, 5 * (pc.mean(lengths).as_py() or 1))
        return pc.if_else(long, "far longer than the others", pa.scalar(None, pa.string())).combine_chunks()


class ByOrder(Brief):
    """Refuses long prompts only after it has seen thirty short ones."""

    name = "by_order"

    def __init__(self, generator):
        super().__init__(generator)
        self.n_short = 0

    def reasons(self, table: pa.Table) -> pa.Array:
        said = []
        for prompt in table["prompt"].to_pylist():
            long = len(prompt) > LONGEST
            said.append("too long" if long and self.n_short > 30 else None)
            self.n_short += not long
        return pa.array(said, pa.string())


class Scribbler(Brief):
    """Writes into the memory that it was lent."""

    name = "scribbler"

    def reasons(self, table: pa.Table) -> pa.Array:
        for chunk in filter(len, table["id"].chunks):
            address = chunk.buffers()[1].address
            (ctypes.c_uint64 * len(chunk)).from_address(address + 8 * chunk.offset)[0] = 1
        return super().reasons(table)


class EmptyHanded(Brief):
    """Divides by the number of rows."""

    name = "empty_handed"

    def reasons(self, table: pa.Table) -> pa.Array:
        _ = 1 / table.num_rows
        return super().reasons(table)


class Whole(Validator):
    """Finds fault with the whole when prompts are too long on average."""

    name, scope = "whole", "set"

    def __init__(self, generator):
        super().__init__(generator)
        self.lengths = np.zeros(0)

    def reasons(self, table: pa.Table) -> pa.Array:
        self.lengths = np.append(self.lengths, np.asarray(pc.utf8_length(table["prompt"])))
        return pa.nulls(table.num_rows, pa.string())

    def finish(self) -> list[str]:
        return ["prompts are too long"] if self.lengths.size and self.lengths.mean() > 100 else []


class OneText(Whole):
    """Gives a text where a list belongs."""

    name = "one_text"

    def finish(self) -> str:
        return "; ".join(super().finish())
