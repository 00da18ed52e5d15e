"""Tables for tests: the words in NFC and all in one table, every question once, the oracle's answers beside them."""

import numpy as np
import pyarrow as pa

from sdp.api import Item, ItemGenerator
from sdp.testing import all_questions, oracle_answers, table_of


class Nth(ItemGenerator):
    """Asks for each letter of a word by its number."""

    name, version = "nth", 1
    strata = ("early", "late")

    def fields(self, stratum):
        return frozenset({"word", "number"})

    def n_items(self, words):
        lengths = words["graphemes"].combine_chunks().value_lengths().to_numpy()
        return np.stack([np.minimum(lengths, 2), np.maximum(lengths - 2, 0)], axis=1).astype(np.int64)

    def items(self, words, rows, stratum, k):
        letters = words["graphemes"].to_pylist()
        places = (k + 2 * stratum).tolist()
        answers = [letters[row][place] for row, place in zip(rows.tolist(), places, strict=True)]
        return pa.table({"number": [str(place) for place in places], "answer": answers})

    def solve(self, item: Item) -> str:
        return item.fields["word"][int(item.fields["number"])]


def test_words_come_as_a_task_gets_them():
    table = table_of(["tests", "tested", "cafe\u0301"])
    assert table["word"].to_pylist() == ["tests", "tested", "café"]
    assert table["graphemes"].to_pylist()[2] == ["c", "a", "f", "é"]
    assert table["family"].to_pylist()[:2] == ["test", "test"]
    assert table["rank"].to_pylist() == [0, 1, 2]


def test_every_question_comes_once_with_its_word_and_stratum():
    found = all_questions(Nth(), table_of(["abc", "x"]))
    assert [(one["stratum"], one["word"], one["k"], one["answer"]) for one in found] == [
        ("early", "abc", 0, "a"),
        ("early", "abc", 1, "b"),
        ("early", "x", 0, "x"),
        ("late", "abc", 0, "c"),
    ]


def test_the_oracle_is_asked_about_them_or_about_questions_of_one_s_own():
    questions = all_questions(Nth(), table_of(["abc", "x"]))
    assert oracle_answers(Nth(), questions) == [one["answer"] for one in questions]
    assert oracle_answers(Nth(), [{"word": "straw", "number": "4"}]) == ["w"]
    assert oracle_answers(Nth(), []) == []
