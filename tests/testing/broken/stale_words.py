"""Keeps the first words table it sees: questions about test words get letters of training words."""

import numpy as np
import pyarrow as pa

from sdp.api import Item, ItemGenerator, hookimpl


class StaleWords(ItemGenerator):
    """Asks for the first letters of two words."""

    name, version = "stale_words", 1
    templates = ("What do {{ word }} and {{ other }} begin with?", "First letters of {{ word }} {{ other }}?")

    def __init__(self, options=None):
        super().__init__(options)
        self.others = None

    def fields(self, stratum):
        return frozenset({"word", "other"})

    def n_items(self, words):
        return np.ones((words.num_rows, 1), dtype=np.int64)

    def items(self, words, rows, stratum, k):
        if self.others is None:
            self.others = words["word"].to_pylist()
        asked = words["word"].take(pa.array(rows)).to_pylist()
        others = [self.others[(row + 1) % len(self.others)] for row in rows.tolist()]
        answers = [word[0] + other[0] for word, other in zip(asked, others, strict=True)]
        return pa.table({"other": others, "answer": answers})

    def solve(self, item: Item) -> str:
        return item.fields["word"][:1] + item.fields["other"][:1]


@hookimpl
def sdp_generators():
    return [StaleWords]
