"""From a task to its schema, and from a row back to its question."""

from random import Random
from typing import ClassVar

import pyarrow as pa
import pytest

from sdp.api import Generator, Item, PluginError, RowGenerator
from sdp.contract.imported import imported
from sdp.contract.options import TaskOptions
from sdp.contract.rows import DICTIONARY
from sdp.contract.schema import HELD_OUT, NOISE, TOKENS, oracle_fields, questions_of, schema_of
from sdp.generators.count import Count
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.synthesis import questions
from sdp.testing.questions import questions_table


class Sum(RowGenerator):
    """Adds two digits."""

    name, version = "sum", 1
    meta: ClassVar = {"total": pa.int32()}

    def row(self, index: int, rng: Random) -> Item:
        a, b = rng.randint(0, 9), rng.randint(0, 9)
        return Item(key=f"{a}+{b}", answer=str(a + b), fields={"a": str(a), "b": str(b)}, meta={"total": a + b})


def meta_of(generator):
    return {field.name: field.type for field in schema_of(generator).field("meta").type}


def test_meta_holds_what_the_oracle_needs_then_what_the_task_declares_then_what_the_engine_knows():
    assert list(meta_of(Count())) == ["letter", "count", "length", NOISE, HELD_OUT]
    assert oracle_fields(Position()) == ("base", "number", "number_from_end", "ordinal", "ordinal_from_end")
    assert oracle_fields(Spelling()) == ("separator",)
    assert list(meta_of(Sum())) == ["a", "b", "total", NOISE, HELD_OUT]


def test_texts_of_meta_are_dictionaries_and_everything_else_is_what_it_was_declared():
    class Labelled(Sum):
        meta: ClassVar = {"total": pa.int64(), "kind": pa.string()}

    assert meta_of(Labelled()) == {
        "a": DICTIONARY, "b": DICTIONARY, "total": pa.int64(), "kind": DICTIONARY, NOISE: DICTIONARY,
        HELD_OUT: pa.bool_(),
    }  # fmt: skip


def test_with_a_tokenizer_there_are_token_fields():
    made = meta_of(Spelling(TaskOptions(tokenized=True)))
    assert list(made) == ["separator", "length", "n_tokens", "single_token", "token_length", NOISE, HELD_OUT]
    assert {name: made[name] for name in TOKENS} == TOKENS


def test_a_stratum_per_place_has_the_same_fields():
    assert oracle_fields(Position(TaskOptions(balance="position"))) == oracle_fields(Position())


@pytest.mark.parametrize("name", ["a", "n_tokens", "single_token", "token_length", NOISE, HELD_OUT, "word"])
def test_a_meta_name_that_is_also_a_field_or_reserved_is_refused(name):
    class Clash(Sum):
        meta: ClassVar = {name: pa.int32()}

    with pytest.raises(PluginError, match=f"meta '{name}' is also a field"):
        schema_of(Clash())


def test_a_generator_of_neither_shape_is_refused():
    class Shapeless(Generator):
        name, version = "shapeless", 1

    with pytest.raises(PluginError, match="neither an ItemGenerator nor a RowGenerator"):
        schema_of(Shapeless())


KEYS = ["garden", "straw", "teacher", "letter", "river"]


@pytest.mark.parametrize("kind", [Spelling, Position, Count])
def test_a_question_never_holds_its_answer(kind):
    table = questions(kind.name, KEYS, 40)
    asked = questions_of(kind(), table)
    assert set(asked.schema.names) == {"key", "word", *oracle_fields(kind())}
    assert asked["key"].to_pylist() == asked["word"].to_pylist() == table["key"].to_pylist()
    assert {column.type for column in asked.columns} == {DICTIONARY}


class Joined(Spelling):
    """Shows the letters and asks for the word."""

    def fields(self, stratum):
        return frozenset({"separator"})


def test_a_word_that_is_not_shown_is_kept_from_the_oracle():
    table = questions("spelling", KEYS, 40)
    assert questions_of(Joined(), table).column_names == ["key", "separator"]
    assert questions_of(imported("spelling", {}, Joined, Joined()), table).column_names == ["key", "separator"]
    asked = [{"word": "straw", "separator": "hyphens"}]
    assert questions_table(Joined(), asked).column_names == ["key", "separator"]
    assert questions_table(Spelling(), asked).column_names == ["key", "separator", "word"]


@pytest.mark.parametrize("kind", [Spelling, Position, Count])
def test_rows_that_another_tool_wrote_as_plain_text_ask_the_same(kind):
    table = questions(kind.name, KEYS, 40)
    plain = pa.Table.from_pylist(table.drop_columns("id").to_pylist())
    assert questions_of(kind(), plain).to_pylist() == questions_of(kind(), table).to_pylist()
    assert kind().solve_table(questions_of(kind(), plain)).to_pylist() == table["answer"].to_pylist()
