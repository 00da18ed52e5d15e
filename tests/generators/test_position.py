"""Position: golden rows, both ends and both bases by brute force."""

import numpy as np
import pyarrow as pa
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.generators.drawn import all_items, solved, table_of

from sdp.api import ConfigError
from sdp.contract.options import TaskOptions
from sdp.data.ordinals import FIRST, LAST
from sdp.generators.position import PLACES, Position

WORDS = ["straw", "see", "café"]
SPOKEN = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]


def test_golden_rows_of_version_1():
    assert Position.version == 1
    found = [
        (item.get("ordinal"), item.get("ordinal_from_end"), item.get("number"), item.get("number_from_end"),
         item.get("base"), item["answer"], item["position"], item["from_end"], item["length"])
        for _, _, item in all_items(Position(), table_of(["cat"]))
    ]  # fmt: skip
    assert sorted(found, key=str) == sorted(
        [
            ("first", None, None, None, None, "c", 1, False, 3),
            ("second", None, None, None, None, "a", 2, False, 3),
            ("third", None, None, None, None, "t", 3, False, 3),
            (None, "last", None, None, None, "t", 1, True, 3),
            (None, "second-to-last", None, None, None, "a", 2, True, 3),
            (None, "third-to-last", None, None, None, "c", 3, True, 3),
            (None, None, "0", None, "0", "c", 1, False, 3),
            (None, None, "1", None, "0", "a", 2, False, 3),
            (None, None, "2", None, "0", "t", 3, False, 3),
            (None, None, "1", None, "1", "c", 1, False, 3),
            (None, None, "2", None, "1", "a", 2, False, 3),
            (None, None, "3", None, "1", "t", 3, False, 3),
            (None, None, None, "0", "0", "t", 1, True, 3),
            (None, None, None, "1", "0", "a", 2, True, 3),
            (None, None, None, "2", "0", "c", 3, True, 3),
            (None, None, None, "1", "1", "t", 1, True, 3),
            (None, None, None, "2", "1", "a", 2, True, 3),
            (None, None, None, "3", "1", "c", 3, True, 3),
        ],
        key=str,
    )


def test_every_place_of_every_word_once_by_brute_force():
    wanted = set()
    for word in WORDS:
        for place, letter in enumerate(word):
            behind = len(word) - 1 - place
            wanted.add((word, "ordinal_start", SPOKEN[place], None, letter))
            back = "last" if behind == 0 else f"{SPOKEN[behind]}-to-last"
            wanted.add((word, "ordinal_end", back, None, letter))
            for base in (0, 1):
                wanted.add((word, "number_start", str(place + base), str(base), letter))
                wanted.add((word, "number_end", str(behind + base), str(base), letter))
    found = [
        (item["word"], name, item.get("ordinal") or item.get("ordinal_from_end") or item.get("number")
         or item.get("number_from_end"), item.get("base"), item["answer"])
        for name, _, item in all_items(Position(), table_of(WORDS))
    ]  # fmt: skip
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_a_word_of_twenty_letters_has_a_name_for_every_place_and_a_longer_one_only_numbers_beyond():
    word = "abcdefghijklmnopqrst"
    items = [(name, item) for name, _, item in all_items(Position(), table_of([word]))]
    assert {item["answer"] for name, item in items if name == "ordinal_start"} == set(word)
    assert [item["answer"] for _, item in items if item.get("ordinal") == "twentieth"] == ["t"]
    assert [item["answer"] for _, item in items if item.get("ordinal_from_end") == "twentieth-to-last"] == ["a"]
    longer = [(name, item["answer"]) for name, _, item in all_items(Position(), table_of([word + "uvw"]))]
    assert {answer for name, answer in longer if name == "ordinal_start"} == set(word)
    assert {answer for name, answer in longer if name == "ordinal_end"} == set(word[3:] + "uvw")
    assert {answer for name, answer in longer if name.startswith("number")} == set(word + "uvw")


def test_the_oracle_agrees_and_notices_a_shifted_place():
    items = [item for _, _, item in all_items(Position(), table_of(["straw", "garden"]))]  # no letter twice in a row
    assert solved(Position(), items) == [item["answer"] for item in items]
    shifted = [item | {"base": str(1 - int(item["base"]))} for item in items if item.get("base") is not None]
    inside = [
        item for item in shifted
        if 0 <= int(item.get("number") or item.get("number_from_end")) - int(item["base"]) < item["length"]
    ]  # fmt: skip
    assert len(inside) > 20
    assert all(was != item["answer"] for was, item in zip(solved(Position(), inside), inside, strict=True))


def test_the_oracle_has_no_answer_to_what_it_cannot_read():
    unreadable = [
        {"word": "cat", "ordinal": "umpteenth"},
        {"word": "cat", "ordinal": "erste"},
        {"word": "cat", "ordinal": "fourth"},
        {"word": "cat", "ordinal_from_end": "fourth-to-last"},
        {"word": "cat", "number": "9", "base": "1"},
        {"word": "cat", "number": "0", "base": "1"},
        {"word": "cat", "number": "3", "base": "0"},
        {"word": "cat", "number": "two", "base": "1"},
        {"word": "cat", "number": "-1", "base": "0"},
        {"word": "cat", "number": "1"},
        {"word": "cat", "number": "1", "base": "2"},
        {"word": "cat"},
    ]
    assert solved(Position(), unreadable) == [None] * len(unreadable)
    readable = {"word": "cat", "number": "3", "base": "1"}
    assert solved(Position(), [*unreadable, readable])[-1] == "t"


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_ordinals_are_those_of_the_language(language):
    task = Position(TaskOptions(language=language))
    items = [(name, item) for name, _, item in all_items(task, table_of(["straw"], language))]
    for kind, field, names in (("ordinal_start", "ordinal", FIRST), ("ordinal_end", "ordinal_from_end", LAST)):
        shown = {item[field]: item["answer"] for name, item in items if name == kind}
        assert shown == dict(zip(names[language], "straw" if field == "ordinal" else "warts", strict=False))
    assert solved(task, [item for _, item in items]) == [item["answer"] for _, item in items]
    english = Position()
    spoken = [item for name, item in items if name.startswith("ordinal")]
    assert solved(english, spoken) == [None] * len(spoken)


@given(st.lists(st.text(alphabet="abcdefg", min_size=1, max_size=23), min_size=1, max_size=4, unique=True))
def test_with_a_stratum_per_place_the_questions_are_the_same_and_each_in_its_place(words):
    table = table_of(words)
    task = Position(TaskOptions(balance="position"))
    assert len(task.strata) == 4 * PLACES
    by_place, plain = list(all_items(task, table)), list(all_items(Position(), table))

    def known(items):
        return sorted(tuple(sorted((name, str(value)) for name, value in item.items())) for _, _, item in items)

    assert known(by_place) == known(plain)
    for name, _, item in by_place:
        kind, place = name.removesuffix("_or_more").rsplit("_", 1)
        assert (item["position"] >= PLACES) if name.endswith("_or_more") else (item["position"] == int(place))
        assert ("ordinal" in kind) == any(field.startswith("ordinal") for field in item)
        assert item["from_end"] == kind.endswith("end")


@pytest.mark.parametrize("base", ["0", "1"])
def test_one_base_alone(base):
    both = [item for _, _, item in all_items(Position(), table_of(WORDS)) if item.get("base") in {None, base}]
    one = Position(TaskOptions(domain={"bases": (base,)}))
    alone = [item for _, _, item in all_items(one, table_of(WORDS))]
    assert sorted(map(str, alone)) == sorted(map(str, both))
    assert solved(one, alone) == [item["answer"] for item in alone]


def test_a_base_given_twice_asks_nothing_twice():
    task = Position(TaskOptions(domain={"bases": ("1", "1")}))
    asked = [str(item) for _, _, item in all_items(task, table_of(WORDS))]
    assert len(asked) == len(set(asked))


def test_settings_that_there_are_not_are_refused_with_near_names():
    with pytest.raises(ConfigError, match="position has no domain setting 'base'") as caught:
        Position(TaskOptions(domain={"base": ("1",)}))
    assert "did you mean 'bases'?" in caught.value.hint
    with pytest.raises(ConfigError, match="'2' is no value of bases") as caught:
        Position(TaskOptions(domain={"bases": ("2",)}))
    assert caught.value.where == "domain.bases"


def test_the_letter_s_index_is_where_the_answer_stands():
    for _, _, item in all_items(Position(), table_of(WORDS)):
        assert regex.findall(r"\X", item["word"])[item["letter_index"]] == item["answer"]


def test_a_dictionary_with_unused_and_repeated_texts_is_read_by_its_codes():
    """Finished rows share the dictionary of a whole lexicon; a filtered table keeps entries that no row has."""
    words = pa.DictionaryArray.from_arrays(pa.array([2, 0, 2], pa.int32()), pa.array(["dog", "unused", "cat"]))
    ordinal = pa.DictionaryArray.from_arrays(pa.array([1, 1, 0], pa.int32()), pa.array(["first", "last", "tenth"]))
    questions = pa.table({"key": words, "word": words, "ordinal_from_end": ordinal})
    assert Position().solve_table(questions).to_pylist() == ["t", "g", None]
    assert np.array_equal(Position().solve_table(questions.slice(1)).to_pylist(), ["g", None])


def test_the_trace_is_the_word_spelled():
    assert {item["trace"] for _, _, item in all_items(Position(), table_of(["café"]))} == {"c-a-f-é"}


def test_the_pattern_takes_one_letter():
    pattern = regex.compile(Position.answer_pattern)
    assert all(pattern.fullmatch(letter) for letter in ("a", "é", "न्दी", "한"))
    assert not any(pattern.fullmatch(wrong) for wrong in ("", " ", "ab", "a.", "a\n"))
