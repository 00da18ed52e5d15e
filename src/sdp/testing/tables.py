"""What a plugin's own tests of a finite task need: a few words as a task gets them, and every question about them."""

from collections.abc import Sequence
from unicodedata import normalize

import numpy as np
import pyarrow as pa

from sdp.contract.generator import Generator, ItemGenerator
from sdp.data.lexicon import Lexicon
from sdp.data.words import words_table
from sdp.testing.questions import GeneratorSubject, Question, solved


def table_of(words: Sequence[str], language: str = "en") -> pa.Table:
    """Makes a words table, as `ItemGenerator.n_items` gets it.

    Args:
        words: Distinct, the most frequent first.
        language: Of the words; says what the families are.

    Returns:
        word, family, split, graphemes, rank; whatever their splits, all words are in it.
    """
    lexicon = Lexicon("given", language, tuple(normalize("NFC", word) for word in words), "", "", "")
    return words_table(lexicon)


def all_questions(generator: ItemGenerator, words: pa.Table) -> list[Question]:
    """Makes every question about some words; for a task that has billions, make a few with `items` instead.

    Args:
        generator: Set up as it is to be tested.
        words: From `table_of`.

    Returns:
        Per question what `items` gives, and ``stratum`` (its name), ``k`` and ``word``.
    """
    subject = GeneratorSubject(type(generator), generator.options)
    found: list[Question] = []
    for stratum, n_items in enumerate(subject.counted(generator, words).T):
        rows = np.repeat(np.arange(len(n_items)), n_items)
        k = np.arange(len(rows)) - np.repeat(np.cumsum(n_items) - n_items, n_items)
        found += subject.made_of(generator, words, stratum, rows, k)
    return found


def oracle_answers(generator: Generator, questions: Sequence[Question]) -> list[str | None]:
    """Asks the oracle.

    Args:
        generator: Whose oracle.
        questions: From `all_questions`, or mappings with ``word`` and the fields that the answer depends on.
    """
    answers: list[str | None] = [question["oracle"] for question in solved(generator, questions)]
    return answers
