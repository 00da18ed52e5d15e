"""Imports pandas, for nothing that it needs before it makes rows."""

from random import Random
from typing import ClassVar

import pandas as pd
import pyarrow as pa

from sdp.api import Item, RowGenerator, hookimpl

LETTERS = "abdefgilmnoprstu"


class HeavyImport(RowGenerator):
    """Asks for a word with one letter put in behind another."""

    name, version = "heavy_import", 1
    answer_pattern = r"[a-z]+"
    templates = (
        "Put {{ added }} behind {{ letter }} in {{ word }}.",
        "Write {{ word }} with {{ added }} after the letter {{ letter }}.",
    )
    meta: ClassVar = {"length": pa.int32()}

    def row(self, index: int, rng: Random) -> Item:
        word = "".join(rng.sample(LETTERS, rng.randint(4, 9)))
        letter = rng.choice(sorted(set(word)))
        added = rng.choice("vwxyz")
        fields = {"word": word, "letter": letter, "added": added}
        return Item(word, word.replace(letter, letter + added), fields, meta={"length": pd.Series(list(word)).size})

    def solve(self, item: Item) -> str:
        before, behind = item.fields["word"].split(item.fields["letter"])
        return before + item.fields["letter"] + item.fields["added"] + behind


@hookimpl
def sdp_generators():
    return [HeavyImport]
