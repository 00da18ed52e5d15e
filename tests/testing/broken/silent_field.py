"""Has a field that its oracle does not read, because no answer depends on it."""

from random import Random
from typing import ClassVar

import pyarrow as pa

from sdp.api import Item, RowGenerator, hookimpl

LETTERS = "abdefgilmnoprstu"


class SilentField(RowGenerator):
    """Asks for a word with one letter put in behind another."""

    name, version = "silent_field", 1
    answer_pattern = r"[a-z]+"
    templates = (
        "Put {{ mood }} {{ added }} behind {{ letter }} in {{ word }}.",
        "Write {{ mood }} {{ word }} with {{ added }} after the letter {{ letter }}.",
    )
    meta: ClassVar = {"length": pa.int32()}

    def row(self, index: int, rng: Random) -> Item:
        word = "".join(rng.sample(LETTERS, rng.randint(4, 9)))
        letter = rng.choice(sorted(set(word)))
        added = rng.choice("vwxyz")
        fields = {"word": word, "letter": letter, "added": added, "mood": rng.choice(["kindly", "quickly"])}
        return Item(word, word.replace(letter, letter + added), fields, meta={"length": len(word)})

    def solve(self, item: Item) -> str:
        before, behind = item.fields["word"].split(item.fields["letter"])
        return before + item.fields["letter"] + item.fields["added"] + behind


@hookimpl
def sdp_generators():
    return [SilentField]
