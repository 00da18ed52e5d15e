"""Questions in memory about given words."""

import pytest
from tests.synthesis import plugins

from sdp.api import InputError
from sdp.synthesis import questions

WORDS = ["straw", "garden", "run", "window", "teacher"]


def test_words_of_the_split_alone_are_asked_about():
    assert set(questions("count", WORDS, 30)["key"].to_pylist()) == {"straw", "garden", "teacher"}
    assert set(questions("count", WORDS, 9, split="test")["key"].to_pylist()) == {"run"}


def test_seed_and_style_are_those_of_generate():
    one, other = questions("position", WORDS, 20), questions("position", WORDS, 20, seed=1, style="trace")
    assert one["id"].to_pylist() != other["id"].to_pylist()
    assert all("\n" in text for text in other["completion"].to_pylist())


def test_a_word_given_twice_or_typed_in_two_ways_is_one():
    table = questions("spelling", ["caf\u00e9", "cafe\u0301", "caf\u00e9"], 10)
    assert set(table["key"].to_pylist()) == {"caf\u00e9"}


def test_the_language_is_that_of_prompts_and_fields():
    table = questions("spelling", ["Garten", "Straße", "Fenster", "Lehrer"], 12, language="de")
    named = set(table["meta"].combine_chunks().field("separator").to_pylist())
    assert named <= {"Bindestrichen", "Leerzeichen", "Kommas", "Schrägstrichen", "Punkten"}
    shown = zip(table["prompt"].to_pylist(), table["meta"].to_pylist(), strict=True)
    assert all(meta["separator"] in prompt for prompt, meta in shown)


def test_what_cannot_be_asked(plugged):
    with pytest.raises(InputError, match="there is no train word"):
        questions("count", ["run"], 5)
    with pytest.raises(InputError, match="the capacity is"):
        questions("count", ["straw"], 10**12)
    with pytest.raises(InputError, match="unknown task 'spelings'"):
        questions("spelings", WORDS, 5)
    plugged(generators=[plugins.Mirror, plugins.Misspelling])
    with pytest.raises(InputError, match="'mirror' makes its own words"):
        questions("mirror", WORDS, 5)
    with pytest.raises(InputError, match="a row of 'misspelling' fails a check: oracle: the oracle says"):
        questions("misspelling", ["orange", "apple", "under"], 5)
