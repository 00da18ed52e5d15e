"""Count: golden rows, strata by brute force, alphabets of any size."""

from collections import Counter

import pyarrow as pa
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.generators.drawn import all_items, solved, table_of

from sdp.api import ConfigError
from sdp.contract.options import TaskOptions
from sdp.data.lexicon import load_lexicon
from sdp.data.words import words_table
from sdp.generators.count import RARE, Count

WORDS = ["banana", "see", "pizzazz", "café"]
STRATUM = {0: "zero", 1: "one", 2: "two"}


def test_golden_rows_of_version_1():
    assert Count.version == 1
    found = [
        (name, k, item["letter"], item["answer"], item["count"], item["length"], item["trace"])
        for name, k, item in all_items(Count(), table_of(["baaa", "cd"]))
        if item["word"] == "baaa"
    ]
    assert sorted(found) == [
        ("one", 0, "b", "1", 1, 4, "b-a-a-a"),
        ("three_or_more", 0, "a", "3", 3, 4, "b-a-a-a"),
        ("zero", 0, "c", "0", 0, 4, "b-a-a-a"),
        ("zero", 1, "d", "0", 0, 4, "b-a-a-a"),
    ]


def brute_force(words):
    alphabet = sorted({letter for word in words for letter in regex.findall(r"\X", word)})
    wanted = set()
    for word in words:
        letters = regex.findall(r"\X", word)
        for letter in alphabet:
            n = letters.count(letter)
            wanted.add((word, letter, STRATUM.get(n, "three_or_more"), str(n)))
    return wanted


@given(st.lists(st.text(alphabet="abcdeéद한", min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_every_letter_of_the_alphabet_once_per_word_by_brute_force(words):
    found = [
        (item["word"], item["letter"], name, item["answer"]) for name, _, item in all_items(Count(), table_of(words))
    ]
    assert len(found) == len(set(found))
    assert set(found) == brute_force(words)


@given(st.lists(st.text(alphabet="abcde", min_size=1, max_size=9), min_size=1, max_size=4, unique=True))
def test_letters_of_a_stratum_are_numbered_by_the_alphabet(words):
    numbered = {}
    for name, k, item in all_items(Count(), table_of(words)):
        numbered.setdefault((name, item["word"]), []).append((k, item["letter"]))
    for letters in numbered.values():
        in_order = sorted(letters)
        assert [k for k, _ in in_order] == list(range(len(letters)))
        assert [letter for _, letter in in_order] == sorted(letter for _, letter in letters)


def test_an_alphabet_of_thousands_of_letters_takes_no_table_of_words_times_letters():
    """Hangul and Han have thousands: a full table of 4,000 drawn rows × 9,000 letters would be 288 MB."""
    words = [chr(0xAC00 + 3 * i) + chr(0xAC01 + 3 * i) + chr(0xAC02 + 3 * i) for i in range(3_000)]
    table = table_of(words, "ko")
    n_items = Count().n_items(table)
    assert n_items.tolist() == [[8_997, 3, 0, 0]] * 3_000


def test_the_oracle_agrees_and_notices_another_letter():
    items = [item for _, _, item in all_items(Count(), table_of(WORDS))]
    assert solved(Count(), items) == [item["answer"] for item in items]
    for item in items:
        counts = Counter(item["word"])
        for letter, n in counts.items():
            if str(n) != item["answer"]:
                assert solved(Count(), [item | {"letter": letter}]) != [item["answer"]]


def test_a_letter_is_not_found_inside_a_letter_with_an_accent():
    items = [item for _, _, item in all_items(Count(), table_of(["café", "tee"]))]
    (asked,) = [item for item in items if item["word"] == "café" and item["letter"] == "e"]
    assert asked["answer"] == "0"


def test_strays_of_borrowed_words_are_not_asked_about():
    """Asked about them, a fifth of the zeros would give themselves away: hardly a word has an "ñ"."""
    words = [f"{a}{b}{c}" for a in "abcdefgh" for b in "ijklmnop" for c in "qrtuvwxy"] + ["señor"]
    counts = Counter("".join(words))
    fewest = sum(counts.values()) / len(counts) / RARE
    asked = {item["letter"] for _, _, item in all_items(Count(), table_of(words))}
    assert asked == {letter for letter, n in counts.items() if n >= fewest}
    assert "ñ" not in asked
    assert "s" not in asked  # once in all words, like ñ


def test_the_default_words_ask_about_the_alphabet_alone():
    words = words_table(load_lexicon("wordfreq:en:20000", "en"))
    asked = set(Count()._occurrences(words).alphabet.to_pylist())
    assert asked >= set("abcdefghiklmnoprstuvwy")
    assert asked <= set("abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize("letters", [("e",), ("s", "t"), ("ß", "e"), ("x",)])
def test_letters_that_the_user_chose_and_no_others(letters):
    words = ["straw", "tests", "see", "Straße"]
    task = Count(TaskOptions(domain={"letters": letters}))
    items = [(item["word"], item["letter"], item["answer"]) for _, _, item in all_items(task, table_of(words))]
    wanted = {(word, letter, str(word.count(letter))) for word in words for letter in letters}
    assert len(items) == len(set(items))
    assert set(items) == wanted


@pytest.mark.parametrize("text", ["th", "", " ", "e ", "ee"])
def test_what_is_not_one_letter_cannot_be_asked_about(text):
    """Counted as a letter it would be in no word: "0" for the th in "this"."""
    with pytest.raises(ConfigError, match=f"'{text}' is not one letter") as caught:
        Count(TaskOptions(domain={"letters": ("a", text)}))
    assert caught.value.where == "domain.letters"


def test_a_letter_typed_in_another_way_is_the_same_letter():
    task = Count(TaskOptions(domain={"letters": ("e\u0301", "é")}))
    (item,) = [item for _, _, item in all_items(task, table_of(["café"]))]
    assert (item["letter"], item["answer"]) == ("é", "1")


def test_the_letter_s_index_is_that_of_its_first_occurrence():
    for _, _, item in all_items(Count(), table_of(WORDS)):
        letters = regex.findall(r"\X", item["word"])
        found = letters.index(item["letter"]) if item["letter"] in letters else None
        assert item["letter_index"] == found


def test_the_oracle_has_no_answer_without_a_word_or_a_letter():
    asked = [{"word": "see", "letter": "e"}, {"word": "see", "letter": None}, {"word": "see", "letter": "é"}]
    assert solved(Count(), asked) == ["2", None, "0"]


def test_the_oracle_counts_the_same_among_many_words_and_letters_as_among_few():
    """With few rows of many words pairs are found another way than with many rows of few words."""
    words = [f"{chr(0xAC00 + i)}{chr(0xAC00 + i // 2)}a" for i in range(1_500)]
    items = [{"word": word, "letter": word[i % 3]} for i, word in enumerate(words)]
    assert solved(Count(), items) == [str(item["word"].count(item["letter"])) for item in items]


def test_the_pattern_takes_numerals():
    pattern = regex.compile(Count.answer_pattern)
    assert pattern.fullmatch("12")
    assert not any(pattern.fullmatch(wrong) for wrong in ("", "two", "2.", "-1", "2\n"))


ANY_WORD = st.text(st.sampled_from("aaeéE\u0301ß中x"), min_size=1, max_size=9) | st.sampled_from(["a" * 300, "e" * 255])
ANY_LETTER = st.sampled_from([*"aeéEß中xq", "ae"])


@given(st.lists(ANY_WORD, min_size=1, max_size=6), st.lists(ANY_LETTER, min_size=1, max_size=6), st.data())
def test_the_oracle_counts_clusters_in_any_words(words, letters, data):
    """Those whose letters are bytes are counted all at once, others one by one: both as a loop over clusters does."""
    rows = data.draw(st.lists(st.tuples(st.integers(0, len(words) - 1), st.integers(0, len(letters) - 1)), min_size=1))
    column = {
        "word": pa.DictionaryArray.from_arrays(pa.array([row for row, _ in rows], pa.int32()), pa.array(words)),
        "letter": pa.DictionaryArray.from_arrays(pa.array([row for _, row in rows], pa.int32()), pa.array(letters)),
    }
    solved = Count().solve_table(pa.table(column)).to_pylist()
    assert solved == [str(regex.findall(r"\X", words[w]).count(letters[k])) for w, k in rows]
