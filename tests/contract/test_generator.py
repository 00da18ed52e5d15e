"""What the base classes do for a task that does not override them."""

from random import Random

import pyarrow as pa
import pytest

from sdp.api import Item, RowGenerator


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


def test_a_task_without_an_oracle_says_so():
    with pytest.raises(NotImplementedError, match="Silent defines neither solve nor solve_table"):
        Silent().solve_table(pa.table({"key": ["x"]}))
