"""Draws the family: the same question may come up in training and in the test."""

from random import Random
from typing import ClassVar

import pyarrow as pa

from sdp.api import Item, RowGenerator, hookimpl

LETTERS = "abdefgilmnoprstu"


class Leaks(RowGenerator):
    """Asks for a word with one letter put in behind another."""

    name, version = "leaks", 1
    answer_pattern = r"[a-z]+"
    templates = (
        "Put {{ added }} behind {{ letter }} in {{ word }}.",
        "Write {{ word }} with {{ added }} after the letter {{ letter }}.",
    )
    meta: ClassVar = {"length": pa.int32()}

    def row(self, index: int, rng: Random) -> Item:
        word = "".join(rng.sample(LETTERS[:6], 4))
        letter = rng.choice(sorted(set(word)))
        added = rng.choice("vwxyz")
        fields = {"word": word, "letter": letter, "added": added}
        family = f"{word}{rng.randint(0, 9)}"
        answer = word.replace(letter, letter + added)
        return Item(word, answer, fields, meta={"length": len(word)}, family=family)

    def solve(self, item: Item) -> str:
        before, behind = item.fields["word"].split(item.fields["letter"])
        return before + item.fields["letter"] + item.fields["added"] + behind


@hookimpl
def sdp_generators():
    return [Leaks]
