"""One row of every kind of question, worked out by hand. Another answer to the same question means another version."""

import numpy as np
import pytest

import sdp_cute
from sdp.testing import all_questions, oracle_answers, table_of

TASKS = {task.name: task for task in sdp_cute.sdp_generators()}
WORDS = ["straw", "banana", "level", "café"]
RING = [*WORDS, "tests", "apple", "river", "stone", "cloud", "green", "house", "light"]
"""Texts take twelve words."""

OF_WORDS = {
    "cute_spell": [({"word": "straw"}, "s t r a w"), ({"word": "café"}, "c a f é")],
    "cute_inverse_spell": [({"letters": "s t r a w"}, "straw"), ({"letters": "c a f é"}, "café")],
    "cute_contains_letter": [
        ({"stratum": "yes", "word": "straw", "letter": "w"}, "yes"),
        ({"stratum": "no", "word": "level", "letter": "w"}, "no"),
    ],
    "cute_insert_letter": [
        ({"stratum": "one", "word": "straw", "letter": "a", "added": "f"}, "strafw"),
        ({"stratum": "two", "word": "level", "letter": "l", "added": "a"}, "laevela"),
        ({"stratum": "three_or_more", "word": "banana", "letter": "a", "added": "t"}, "batnatnat"),
    ],
    "cute_delete_letter": [
        ({"stratum": "one", "word": "straw", "letter": "t"}, "sraw"),
        ({"stratum": "two", "word": "level", "letter": "l"}, "eve"),
        ({"stratum": "three_or_more", "word": "banana", "letter": "a"}, "bnn"),
    ],
    "cute_substitute_letter": [
        ({"stratum": "one", "word": "straw", "letter": "a", "replacement": "e"}, "strew"),
        ({"stratum": "two", "word": "banana", "letter": "n", "replacement": "t"}, "batata"),
        ({"stratum": "three_or_more", "word": "banana", "letter": "a", "replacement": "é"}, "bénéné"),
    ],
    "cute_swap_letter": [
        ({"stratum": "once_each", "word": "straw", "letter": "s", "other": "w"}, "wtras"),
        ({"stratum": "repeated", "word": "level", "letter": "l", "other": "e"}, "elvle"),
        ({"stratum": "repeated", "word": "banana", "letter": "b", "other": "n"}, "nababa"),
    ],
    "cute_reverse": [({"word": "straw"}, "warts"), ({"word": "café"}, "éfac")],
    "cute_first_index": [
        ({"stratum": "once_3", "word": "straw", "letter": "r"}, "3"),
        ({"stratum": "repeated_2", "word": "banana", "letter": "a"}, "2"),
    ],
    "cute_last_index": [
        ({"stratum": "once_3", "word": "straw", "letter": "r"}, "3"),
        ({"stratum": "repeated_6", "word": "banana", "letter": "a"}, "6"),
    ],
    "cute_sort_letters": [({"word": "straw"}, "arstw"), ({"word": "café"}, "acéf")],
    "cute_vowels": [
        ({"stratum": "vowels", "word": "banana", "kind": "vowels"}, "aaa"),
        ({"stratum": "consonants", "word": "banana", "kind": "consonants"}, "bnn"),
    ],
}
OF_TEXTS = {
    "cute_contains_word": [
        ("yes", 0, {"text": "straw apple river house"}, "yes"),
        ("no", 0, {"text": "apple river house tests"}, "no"),
    ],
    "cute_insert_word": [
        ("one", 0, {"text": "straw apple river house", "added": "banana"}, "straw banana apple river house"),
        ("two", 0, {"text": "straw straw apple river", "added": "banana"}, "straw banana straw banana apple river"),
    ],
    "cute_delete_word": [
        ("one", 0, {"text": "straw apple river house"}, "apple river house"),
        ("three", 0, {"text": "straw straw straw apple river"}, "apple river"),
    ],
    "cute_substitute_word": [
        ("one", 0, {"text": "straw apple river house", "replacement": "banana"}, "banana apple river house"),
        ("two", 0, {"text": "straw straw apple river", "replacement": "banana"}, "banana banana apple river"),
    ],
    "cute_swap_word": [
        ("once_each", 0, {"text": "straw apple river house", "other": "apple"}, "apple straw river house"),
        ("repeated", 0, {"text": "straw straw apple river", "other": "apple"}, "apple apple straw river"),
    ],
}
OF_OTHERS = {
    "cute_orthographic_similarity": (
        ["straw", "stray", "banana", "cloud"],
        [
            ({"stratum": "first", "word": "straw", "first": "stray", "second": "cloud"}, "stray"),
            ({"stratum": "second", "word": "straw", "first": "cloud", "second": "stray"}, "stray"),
        ],
    ),
    "cute_unscramble": (
        ["straw", "stray", "melon", "cloud", "table"],
        [
            ({"stratum": "first", "letters": "artsw", "options": "straw, cloud, melon, stray"}, "straw"),
            ({"stratum": "third", "letters": "ablet", "options": "cloud, melon, table, straw"}, "table"),
        ],
    ),
}  # fmt: skip


def test_every_task_has_its_rows():
    assert {*OF_WORDS, *OF_TEXTS, *OF_OTHERS} == set(TASKS)
    assert all(task.version == 1 for task in TASKS.values())


def check(task, words, rows):
    questions = all_questions(task, table_of(words))
    for wanted, answer in rows:
        (found,) = [one for one in questions if wanted.items() <= one.items()][:1] or [None]
        assert found is not None, f"{task.name} does not ask {wanted}"
        assert found["answer"] == answer
        assert oracle_answers(task, [found]) == [answer]


@pytest.mark.parametrize("name", OF_WORDS)
def test_questions_about_single_words(name):
    check(TASKS[name](), WORDS, OF_WORDS[name])


@pytest.mark.parametrize("name", OF_OTHERS)
def test_questions_with_words_to_choose_from(name):
    check(TASKS[name](), *OF_OTHERS[name])


@pytest.mark.parametrize("name", OF_TEXTS)
def test_questions_about_texts(name):
    task, words = TASKS[name](), table_of(RING)
    for stratum, k, wanted, answer in OF_TEXTS[name]:
        (row,) = task.items(words, np.array([0]), task.strata.index(stratum), np.array([k])).to_pylist()
        assert {field: row[field] for field in wanted} == wanted
        assert row["answer"] == answer
        assert oracle_answers(task, [row | {"word": "straw"}]) == [answer]
