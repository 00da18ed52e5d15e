"""From a task to its schema, and from a row back to its question."""

from random import Random
from typing import ClassVar

import pyarrow as pa
import pytest

from sdp.api import Generator, Item, PluginError, RowGenerator
from sdp.contract.schema import HELD_OUT, oracle_fields, questions_of, schema_of
from sdp.generators.count import Count
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling
from sdp.synthesis import questions


class Sum(RowGenerator):
    """Adds two digits."""

    name, version = "sum", 1
    meta: ClassVar = {"total": pa.int32()}

    def row(self, index: int, rng: Random) -> Item:
        a, b = rng.randint(0, 9), rng.randint(0, 9)
        return Item(key=f"{a}+{b}", answer=str(a + b), fields={"a": str(a), "b": str(b)}, meta={"total": a + b})


class Clash(Sum):
    meta: ClassVar = {"a": pa.int32()}


def test_meta_holds_what_the_oracle_needs_then_what_the_task_declares():
    assert [field.name for field in schema_of(Count()).field("meta").type] == ["letter", "count", "length", HELD_OUT]
    assert oracle_fields(Position()) == ("base", "number", "number_from_end", "ordinal", "ordinal_from_end")
    assert oracle_fields(Spelling()) == ("separator",)
    assert [field.name for field in schema_of(Sum()).field("meta").type] == ["a", "b", "total", HELD_OUT]


def test_a_meta_name_that_is_also_a_field_is_refused():
    with pytest.raises(PluginError, match="meta 'a' is also a field"):
        schema_of(Clash())


def test_a_generator_of_neither_shape_is_refused():
    class Shapeless(Generator):
        name, version = "shapeless", 1

    with pytest.raises(PluginError, match="neither an ItemGenerator nor a RowGenerator"):
        schema_of(Shapeless())


@pytest.mark.parametrize("kind", [Spelling, Position, Count])
def test_a_question_never_holds_its_answer(kind):
    table = questions(kind.name, ["garden", "straw", "teacher", "letter", "river"], 40)
    asked = questions_of(kind(), table)
    assert set(asked.schema.names) == {"key", "word", *oracle_fields(kind())}
    assert asked["key"].to_pylist() == asked["word"].to_pylist() == table["key"].to_pylist()
