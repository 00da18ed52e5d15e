"""Position: golden rows, both ends and both bases by brute force."""

import pytest
import regex
from tests.generators.drawn import all_items, solved, table_of

from sdp.api import InputError, Item
from sdp.generators.position import FROM_END, ORDINALS, Position

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


def test_a_word_of_twenty_letters_has_a_name_for_every_place():
    word = "abcdefghijklmnopqrst"
    items = [(name, item) for name, _, item in all_items(Position(), table_of([word]))]
    assert {item["answer"] for name, item in items if name == "ordinal_start"} == set(word)
    assert [item["answer"] for _, item in items if item.get("ordinal") == "twentieth"] == ["t"]
    assert [item["answer"] for _, item in items if item.get("ordinal_from_end") == "twentieth-to-last"] == ["a"]
    assert ORDINALS[:10] == tuple(SPOKEN)
    assert FROM_END[:2] == ("last", "second-to-last")


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


def test_the_oracle_refuses_what_it_cannot_read():
    with pytest.raises(InputError, match="unknown ordinal 'umpteenth'"):
        Position().solve(Item("cat", "", {"word": "cat", "ordinal": "umpteenth"}))
    with pytest.raises(InputError, match="'cat' has no letter number 9"):
        Position().solve(Item("cat", "", {"word": "cat", "number": "9", "base": "1"}))


def test_the_trace_is_the_word_spelled():
    assert {item["trace"] for _, _, item in all_items(Position(), table_of(["café"]))} == {"c-a-f-é"}


def test_the_pattern_takes_one_letter():
    pattern = regex.compile(Position.answer_pattern)
    assert all(pattern.fullmatch(letter) for letter in ("a", "é", "न्दी", "한"))
    assert not any(pattern.fullmatch(wrong) for wrong in ("", " ", "ab", "a.", "a\n"))
