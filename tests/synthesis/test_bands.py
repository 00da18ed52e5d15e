"""Bands: every word in exactly one, its own, and levels that mean what they say."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import ConfigError
from sdp.synthesis.bands import ALL, DIFFICULTY, LENGTHS, TOKENS, in_bands, of_difficulty

LETTERS = st.lists(st.integers(1, 30), max_size=40)


def words(lengths, tokens=None):
    columns = {
        "word": pa.array([f"{number}" for number in range(len(lengths))], pa.string()),
        "graphemes": pa.array([["x"] * length for length in lengths], pa.list_(pa.string())),
    }
    if tokens is not None:
        columns["n_tokens"] = pa.array(tokens, pa.int32())
    return pa.table(columns)


def band_of(number, limits):
    """By the name alone: "5-6", "14+"."""
    for name in limits:
        first, _, last = name.partition("-")
        low, high = (int(name[:-1]), 10**9) if name.endswith("+") else (int(first), int(last or first))
        if name == next(iter(limits)):
            low = 0  # the shortest words are in the first band, however short they are
        if low <= number <= high:
            return name
    raise AssertionError(number)


@given(LETTERS)
def test_words_lie_in_the_band_of_their_length_and_keep_their_order(lengths):
    ordered, bands = in_bands(words(lengths), "length")
    wanted = {name: [str(i) for i, n in enumerate(lengths) if band_of(n, LENGTHS) == name] for name in LENGTHS}
    found = {band.name: ordered["word"].slice(band.first, band.last - band.first).to_pylist() for band in bands}
    assert found == {name: there for name, there in wanted.items() if there}
    assert sorted(ordered["word"].to_pylist()) == sorted(str(i) for i in range(len(lengths)))


@given(st.lists(st.integers(0, 9), max_size=40))
def test_words_lie_in_the_band_of_their_tokens(tokens):
    ordered, bands = in_bands(words([5] * len(tokens), tokens), "tokens")
    for band in bands:
        here = ordered["n_tokens"].slice(band.first, band.last - band.first).to_pylist()
        assert here
        assert {band_of(n, TOKENS) for n in here} == {band.name}
    assert sum(band.last - band.first for band in bands) == len(tokens)


@pytest.mark.parametrize("balance", ["strata", "none", "position"])
def test_any_other_balance_has_one_band_of_all_words_as_they_are(balance):
    table = words([9, 3, 5])
    ordered, (band,) = in_bands(table, balance)
    assert ordered is table
    assert (band.name, band.first, band.last) == (ALL, 0, 3)


def test_tokens_without_a_tokenizer_are_refused():
    with pytest.raises(ConfigError, match="tokens are counted by a tokenizer") as caught:
        in_bands(words([3]), "tokens")
    assert "--tokenizer" in caught.value.hint


@given(LETTERS)
def test_every_word_has_one_level_of_difficulty(lengths):
    table = words(lengths)
    levels = {level: set(of_difficulty(table, level)["word"].to_pylist()) for level in DIFFICULTY}
    for number, length in enumerate(lengths):
        level = "easy" if length <= 5 else "medium" if length <= 8 else "hard"
        assert [name for name, there in levels.items() if str(number) in there] == [level]
    assert of_difficulty(table, ALL).equals(table)
