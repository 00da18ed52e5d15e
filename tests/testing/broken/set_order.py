"""Takes a letter out of a set, whose order is another in every process."""

from random import Random
from typing import ClassVar

import pyarrow as pa

from sdp.api import Item, RowGenerator, hookimpl

LETTERS = "abdefgilmnoprstu"


class SetOrder(RowGenerator):
    """Asks for a word with one letter put in behind another."""

    name, version = "set_order", 1
    answer_pattern = r"[a-z]+"
    templates = (
        "Put {{ added }} behind {{ letter }} in {{ word }}.",
        "Write {{ word }} with {{ added }} after the letter {{ letter }}.",
    )
    meta: ClassVar = {"length": pa.int32()}

    def row(self, index: int, rng: Random) -> Item:
        word = "".join(rng.sample(LETTERS, rng.randint(4, 9)))
        letter = rng.choice(list(set(word)))
        added = rng.choice("vwxyz")
        fields = {"word": word, "letter": letter, "added": added}
        return Item(word, word.replace(letter, letter + added), fields, meta={"length": len(word)})

    def solve(self, item: Item) -> str:
        before, behind = item.fields["word"].split(item.fields["letter"])
        return before + item.fields["letter"] + item.fields["added"] + behind


@hookimpl
def sdp_generators():
    return [SetOrder]
