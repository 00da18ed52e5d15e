"""The row schema of a task, and the way from a finished row back to its question."""

import pyarrow as pa

from sdp.contract.generator import Generator, ItemGenerator, RowGenerator
from sdp.contract.imported import Imported
from sdp.contract.rows import DICTIONARY, row_schema
from sdp.errors import PluginError
from sdp.seeds import stream

HELD_OUT = "held_out_phrasing"
"""Meta field of every row: whether no training row was ever put this way."""
NOISE = "noise"
"""Meta field of every row: what was done to the phrasing's looks, ``as written`` most of the time."""
TOKENS: dict[str, pa.DataType] = {"n_tokens": pa.int32(), "single_token": pa.bool_(), "token_length": pa.int32()}
"""Meta fields with `--tokenizer`: tokens of the word, whether it is one, letters of the token with the asked letter."""


def schema_of(generator: Generator) -> pa.Schema:
    """Gives the row schema of a task: its meta, the fields that the oracle needs, tokens, noise, `held_out_phrasing`.

    Raises:
        PluginError: A meta name is also the name of a field, or reserved.
    """
    if isinstance(generator, Imported):
        return row_schema(pa.struct([pa.field(name, _stored(kind)) for name, kind in generator.meta.items()]))
    fields = oracle_fields(generator)
    clash = sorted(set(generator.meta) & {*fields, *TOKENS, NOISE, HELD_OUT, "word"})
    if clash:
        raise PluginError(
            f"{generator.name}: meta '{clash[0]}' is also a field of the phrasings", hint="rename one of the two"
        )
    members = [pa.field(name, DICTIONARY) for name in fields]
    members += [pa.field(name, _stored(kind)) for name, kind in generator.meta.items()]
    if generator.options.tokenized:
        members += [pa.field(name, kind) for name, kind in TOKENS.items()]
    return row_schema(pa.struct([*members, pa.field(NOISE, DICTIONARY), pa.field(HELD_OUT, pa.bool_())]))


def _stored(kind: pa.DataType) -> pa.DataType:
    """Gives the type that a meta field has in files."""
    return DICTIONARY if kind == pa.string() else kind


def oracle_fields(generator: Generator) -> tuple[str, ...]:
    """Names the fields that are stored beside the key, so that the oracle can answer again at any time.

    An item task's `word` is its key and is not stored twice; an open task's fields are those of its first row.
    """
    if isinstance(generator, Imported):
        return oracle_fields(generator.known) if generator.known else ()
    if isinstance(generator, ItemGenerator):
        return tuple(sorted(item_fields(generator) - {"word"}))
    return tuple(sorted(open_fields(generator)))


def item_fields(generator: ItemGenerator) -> frozenset[str]:
    """Names the fields of an item task, of all its strata; `word` is among them only where a question shows it."""
    return frozenset().union(*(generator.fields(stratum) for stratum in range(len(generator.strata))))


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
        `key` and one dictionary-encoded column per field, as `Generator.solve_table` wants them.
    """
    meta = table["meta"].combine_chunks()
    columns = {"key": table["key"].combine_chunks()}
    columns |= {name: meta.field(meta.type.get_field_index(name)) for name in oracle_fields(generator)}
    asked = generator.known if isinstance(generator, Imported) else generator
    if isinstance(asked, ItemGenerator) and "word" in item_fields(asked):  # else it may be the answer
        columns["word"] = columns["key"]
    return pa.table({name: _coded(column) for name, column in columns.items()})


def _coded(column: pa.Array) -> pa.DictionaryArray:
    """Encodes what comes as plain strings, such as rows that another tool wrote."""
    return column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
