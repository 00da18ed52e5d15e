"""What the base classes do for a task that does not override them."""

from random import Random
from typing import ClassVar

import pyarrow as pa
import pytest

from sdp.api import ConfigError, Item, RowGenerator
from sdp.contract.options import TaskOptions


class Echo(RowGenerator):
    """Asks for the word itself."""

    name, version = "echo", 1
    asked: list[Item]

    def row(self, index: int, rng: Random) -> Item:
        return Item("a", "a", {"word": "a"})

    def solve(self, item: Item) -> str:
        self.asked = [*getattr(self, "asked", []), item]
        return item.fields.get("word", "none")


class Silent(RowGenerator):
    """Has no oracle."""

    name, version = "silent", 1

    def row(self, index: int, rng: Random) -> Item:
        return Item("a", "a", {"word": "a"})


def test_the_default_oracle_asks_row_by_row_without_answers_and_leaves_nulls_out():
    echo = Echo()
    table = pa.table({"key": ["x", "y"], "word": pa.array(["x", None]), "other": pa.array([None, "o"])})
    assert echo.solve_table(table).to_pylist() == ["x", "none"]
    assert [(item.key, item.answer, dict(item.fields)) for item in echo.asked] == [
        ("x", "", {"word": "x"}),
        ("y", "", {"other": "o"}),
    ]


def test_dictionaries_come_as_texts():
    table = pa.table(
        {"key": pa.array(["x", "x"]).dictionary_encode(), "word": pa.array(["x", None]).dictionary_encode()}
    )
    assert Echo().solve_table(table).to_pylist() == ["x", "none"]


def test_every_chunk_has_a_dictionary_of_its_own():
    parts = [pa.table({"key": pa.array(["k"] * 2).dictionary_encode(), "word": pa.array(words).dictionary_encode()})
             for words in (["x", "y"], ["y", None])]  # fmt: skip
    assert Echo().solve_table(pa.concat_tables(parts)).to_pylist() == ["x", "y", "y", "none"]


class Tuned(Echo):
    """Has settings of its own."""

    domain: ClassVar = {"colours": ("red", "blue"), "letters": ()}


def test_domain_settings_are_what_was_chosen_or_all_that_is_declared():
    tuned = Tuned(TaskOptions(domain={"letters": ("q", "zz")}))
    assert tuned.chosen("colours") == ("red", "blue")
    assert tuned.chosen("letters") == ("q", "zz")
    assert Tuned(TaskOptions(domain={"colours": ("blue",)})).chosen("colours") == ("blue",)
    assert Tuned().chosen("letters") == ()


@pytest.mark.parametrize(
    ("kind", "domain", "what", "where", "hint"),
    [
        (
            Tuned,
            {"colour": ("red",)},
            "echo has no domain setting 'colour'",
            "domain.colour",
            "did you mean 'colours'?",
        ),
        (Tuned, {"colours": ("rod",)}, "'rod' is no value of colours", "domain.colours", "did you mean 'red'?"),
        (Echo, {"letters": ("e",)}, "echo has no domain setting 'letters'", "domain.letters", "it has none"),
    ],
)
def test_what_is_not_declared_is_refused(kind, domain, what, where, hint):
    with pytest.raises(ConfigError) as caught:
        kind(TaskOptions(domain=domain))
    assert (caught.value.what, caught.value.where) == (what, where)
    assert caught.value.hint.startswith(hint)


def test_a_task_without_an_oracle_says_so():
    with pytest.raises(NotImplementedError, match="Silent defines neither solve nor solve_table"):
        Silent().solve_table(pa.table({"key": ["x"]}))
