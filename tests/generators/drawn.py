"""Every question that a finite task can ask about given words."""

from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import normalize

import numpy as np
import pyarrow as pa

from sdp.api import ItemGenerator
from sdp.data.lexicon import Lexicon
from sdp.data.words import words_table

FOREIGN = {
    "de": ["Straße", "Größe", "Häuser", "Öl-frei", "übermäßig"],
    "tr": ["ılık", "İstanbul", "çiçek", "ağaç", "güneş"],
    "el": ["λόγος", "θάλασσα", "οδός"],
    "hi": ["हिन्दी", "नमस्ते", "क्षत्रिय", "विद्यालय"],
    "ar": ["كتاب", "مدرسة", "مُحَمَّد"],
    "ko": ["대한민국", "사과나무", "컴퓨터"],
    "fr": ["cafe\u0301s", "élève", "naïveté"],
}
"""Letters beyond ASCII: ß, dotless i, final sigma, conjuncts, vowel marks, syllables, a combining accent."""


def table_of(words: Sequence[str], language: str = "en") -> pa.Table:
    """The words table, as generators get it: in NFC, which is the lexicon's work."""
    return words_table(Lexicon("given", language, tuple(normalize("NFC", word) for word in words), "", "", ""))


def all_items(generator: ItemGenerator, words: pa.Table) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yields stratum, number of the question within its word, and the question with its word."""
    n_items = generator.n_items(words)
    assert n_items.shape == (words.num_rows, len(generator.strata))
    assert n_items.dtype == np.int64
    for stratum, name in enumerate(generator.strata):
        rows = np.repeat(np.arange(words.num_rows), n_items[:, stratum])
        k = np.concatenate([np.arange(n) for n in n_items[:, stratum]]).astype(np.int64)
        if len(rows):
            shuffled = np.random.default_rng(0).permutation(len(rows))  # drawn in any order
            items = generator.items(words, rows[shuffled], stratum, k[shuffled]).to_pylist()
            asked = words["word"].take(pa.array(rows[shuffled])).to_pylist()
            for number, item, word in zip(k[shuffled].tolist(), items, asked, strict=True):
                assert "word" not in item  # the engine adds it
                yield name, number, item | {"word": word}


def solved(generator: ItemGenerator, items: Sequence[dict[str, Any]]) -> list[str | None]:
    """Asks the oracle; None where it has no answer."""
    names = sorted(frozenset().union(*(generator.fields(stratum) for stratum in range(len(generator.strata)))))
    columns = {name: pa.array([item.get(name) for item in items], pa.string()) for name in names}
    columns["key"] = pa.array([item["word"] for item in items], pa.string())
    questions = pa.table({name: column.dictionary_encode() for name, column in columns.items()})
    answers: list[str | None] = generator.solve_table(questions).to_pylist()
    return answers
