"""The row schema of a task, and the way from a finished row back to its question."""

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator, ItemGenerator, RowGenerator
from sdp.contract.rows import row_schema
from sdp.errors import PluginError
from sdp.seeds import stream

HELD_OUT = "held_out_phrasing"
"""Meta field of every row: whether no training row was ever put this way."""


def schema_of(generator: Generator) -> pa.Schema:
    """Gives the row schema of a task: its meta, the fields that the oracle needs, and `held_out_phrasing`.

    Raises:
        PluginError: A meta name is also the name of a field, or reserved.
    """
    fields = oracle_fields(generator)
    clash = sorted(set(generator.meta) & {*fields, HELD_OUT, "word"})
    if clash:
        raise PluginError(
            f"{generator.name}: meta '{clash[0]}' is also a field of the phrasings", hint="rename one of the two"
        )
    members = [pa.field(name, pa.string()) for name in fields]
    members += [pa.field(name, kind) for name, kind in generator.meta.items()]
    return row_schema(pa.struct([*members, pa.field(HELD_OUT, pa.bool_())]))


def oracle_fields(generator: Generator) -> tuple[str, ...]:
    """Names the fields that are stored beside the key, so that the oracle can answer again at any time.

    An item task's `word` is its key and is not stored twice; an open task's fields are those of its first row.
    """
    if isinstance(generator, ItemGenerator):
        names = frozenset().union(*(generator.fields(stratum) for stratum in range(len(generator.strata))))
        return tuple(sorted(names - {"word"}))
    return tuple(sorted(open_fields(generator)))


def open_fields(generator: Generator) -> frozenset[str]:
    """Names the fields of an open task, by asking for its first row."""
    if not isinstance(generator, RowGenerator):
        raise PluginError(f"{type(generator).__name__} is neither an ItemGenerator nor a RowGenerator")
    return frozenset(generator.row(0, stream("fields", generator.name)).fields)


def questions_of(generator: Generator, table: pa.Table) -> pa.Table:
    """Takes the questions out of finished rows, without their answers.

    Args:
        generator: The task.
        table: Rows in the row schema.

    Returns:
        `key` and one string column per field, as `Generator.solve_table` wants them.
    """
    meta = table["meta"].combine_chunks()
    columns = {"key": table["key"]} | {name: pc.struct_field(meta, name) for name in oracle_fields(generator)}
    if isinstance(generator, ItemGenerator):
        columns["word"] = table["key"]
    return pa.table(columns)
