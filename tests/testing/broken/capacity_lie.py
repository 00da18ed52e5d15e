"""Says that there are three questions about each word, and has one."""

import numpy as np
import pyarrow as pa

from sdp.api import Item, ItemGenerator, hookimpl


class CapacityLie(ItemGenerator):
    """Asks for a word backwards."""

    name, version = "capacity_lie", 1
    templates = ("Write {{ word }} backwards.", "What is '{{ word }}' in reverse?")

    def fields(self, stratum):
        return frozenset({"word"})

    def n_items(self, words):
        return np.full((words.num_rows, 1), 3, dtype=np.int64)

    def items(self, words, rows, stratum, k):
        asked = words["word"].take(pa.array(rows)).to_pylist()
        return pa.table({"answer": [word[::-1] for word in asked]})

    def solve(self, item: Item) -> str:
        return "".join(reversed(item.fields["word"]))


@hookimpl
def sdp_generators():
    return [CapacityLie]
