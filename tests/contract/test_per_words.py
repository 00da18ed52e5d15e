"""What is worked out once per words table: once for the same table, anew for another, and not sent anywhere."""

import pickle

import pyarrow as pa

from sdp.contract.per_words import PerWords

asked: list[pa.Table] = []


def rows_of(words):
    asked.append(words)
    return words.num_rows


def test_once_for_the_same_table_and_anew_for_another():
    asked.clear()
    one, other = pa.table({"word": ["a", "b"]}), pa.table({"word": ["a", "b", "c"]})
    remember = PerWords(rows_of)
    assert [remember(table) for table in (one, one, other, other, one)] == [2, 2, 3, 3, 2]
    assert asked == [one, other, one]


def test_an_equal_table_is_another_one():
    """Comparing whole tables would cost more than it saves."""
    asked.clear()
    remember = PerWords(rows_of)
    for _ in range(2):
        remember(pa.table({"word": ["a"]}))
    assert len(asked) == 2


def test_it_travels_without_what_it_remembers():
    remember = PerWords(rows_of)
    light = len(pickle.dumps(remember))
    remember(pa.table({"word": ["word"] * 10_000}))
    assert len(pickle.dumps(remember)) == light
    there = pickle.loads(pickle.dumps(remember))
    assert there(pa.table({"word": ["a"]})) == 1
