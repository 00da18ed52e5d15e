"""The words: which ones the tiny model learns letters from, and which ones measure it."""

from dataclasses import dataclass

import pyarrow as pa

from sdp.data.lexicon import DEFAULT_WORDS, Lexicon, load_lexicon
from sdp.data.words import words_of_split, words_table


@dataclass(frozen=True, slots=True)
class Words:
    """Words by use."""

    lexicon: Lexicon
    train: list[str]
    """All of the train split, most frequent first. Their letters stay hidden except for those of `replay`."""
    replay: list[str]
    """The first of `train`: the only words that are ever spelled, indexed or counted."""
    test: list[str]
    """All of the test split."""


def choose_words(n_replay: int) -> Words:
    """Takes the default English lexicon apart.

    Args:
        n_replay: Size of the replay list.

    Returns:
        ASCII words only: the vocabulary has a token for each ASCII letter and bytes for all others.
    """
    lexicon = load_lexicon(DEFAULT_WORDS, "en")
    table = words_table(lexicon)
    train, test = (_ascii(words_of_split(table, split)) for split in ("train", "test"))
    return Words(lexicon, train, train[:n_replay], test)


def _ascii(table: pa.Table) -> list[str]:
    return [str(word) for word in table["word"].to_pylist() if word.isascii()]
