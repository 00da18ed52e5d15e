"""Tasks and checks as a plugin would bring them, good and bad ones."""

from random import Random
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.api import Item, RowGenerator, Validator
from sdp.generators.spelling import Spelling


class Mirror(RowGenerator):
    """Asks for a made-up word written backwards."""

    name, version = "mirror", 1
    templates = ("Write {{ word }} backwards.", "What is '{{ word }}' in reverse?")

    def row(self, index: int, rng: Random) -> Item:
        word = "".join(rng.choice("bdfglmnoprstaeiu") for _ in range(rng.randint(4, 9)))
        return Item(key=word, answer=word[::-1], fields={"word": word})

    def solve(self, item: Item) -> str:
        return "".join(reversed(list(item.fields["word"])))


class Sum(RowGenerator):
    """Adds, with typed meta, a trace, a family of its own and a persona."""

    name, version = "sum", 1
    templates = ("{{ a }} + {{ b }} =", "{{ name }} adds {{ b }} to {{ a }}:", "Sum of {{ a }} and {{ b }}?",
                 "Add {{ a }} and {{ b }}.", "{{ a }} plus {{ b }} is what?")  # fmt: skip
    meta: ClassVar = {"total": pa.int32()}

    def row(self, index: int, rng: Random) -> Item:
        a, b = rng.randint(0, 999), rng.randint(0, 999)
        return Item(
            key=f"{a}+{b}", answer=str(a + b), fields={"a": str(a), "b": str(b)}, family=f"{min(a, b)}+{max(a, b)}",
            meta={"total": a + b}, trace=f"{a} and {b}",
        )  # fmt: skip

    def solve(self, item: Item) -> str:
        return str(sum(int(text) for text in item.fields.values()))


class Ten(Mirror):
    """Knows ten words."""

    name = "ten"
    templates = ("Turn {{ word }}.",)

    def row(self, index: int, rng: Random) -> Item:
        word = "word" + "abcdefghij"[rng.randrange(10)]
        return Item(key=word, answer=word[::-1], fields={"word": word})


class Moody(Mirror):
    """Changes its fields from row to row."""

    name = "moody"

    def row(self, index: int, rng: Random) -> Item:
        item = super().row(index, rng)
        return item if index < 5 else Item(item.key, item.answer, {**item.fields, "more": "x"})


class Raising(Mirror):
    """Breaks at row 7."""

    name = "raising"

    def row(self, index: int, rng: Random) -> Item:
        return super().row(index, rng) if index != 7 else [][index]


class Nameless(Mirror):
    """Has no key."""

    name = "nameless"

    def row(self, index: int, rng: Random) -> Item:
        return Item(key="", answer="a", fields={"word": "a"})


class Undeclared(Mirror):
    """Uses meta that it does not declare."""

    name = "undeclared"

    def row(self, index: int, rng: Random) -> Item:
        item = super().row(index, rng)
        return Item(item.key, item.answer, item.fields, meta={"length": 3})


class Mistaken(Mirror):
    """Answers every fifth question wrongly; its oracle knows better."""

    name = "mistaken"

    def row(self, index: int, rng: Random) -> Item:
        item = super().row(index, rng)
        return item if index % 5 else Item(item.key, item.key + "x", item.fields)


class Misspelling(Spelling):
    """Forgets the letters of words that begin with a vowel; its oracle knows better."""

    name = "misspelling"
    templates = ("Spell {{ word }} with {{ separator }}.",)

    def items(self, words, rows, stratum, k):
        items = super().items(words, rows, stratum, k)
        vowels = pc.match_substring_regex(words["word"].take(pa.array(rows)), "^[aeiou]")
        answers = pc.if_else(vowels, "?", items["answer"].cast(pa.string()))
        return items.set_column(items.schema.get_field_index("answer"), "answer", answers)


class Lopsided(Spelling):
    """Its n_items fails."""

    name = "lopsided"
    templates = Misspelling.templates

    def n_items(self, words):
        raise ZeroDivisionError


class Picky(Validator):
    """Dislikes the letter e in keys."""

    name = "picky"

    def reasons(self, table: pa.Table) -> pa.Array:
        disliked = pc.match_substring(table["key"].cast(pa.string()), "e").combine_chunks()
        return pc.if_else(disliked, "there is an e", pa.scalar(None, pa.string()))


class Fussy(Validator):
    """Dislikes one question in four, by its id."""

    name = "fussy"

    def reasons(self, table: pa.Table) -> pa.Array:
        disliked = pa.array(np.asarray(table["id"]) % 4 == 0)
        return pc.if_else(disliked, "one in four", pa.scalar(None, pa.string()))


class Never(Validator):
    """Rejects everything."""

    name = "never"

    def reasons(self, table: pa.Table) -> pa.Array:
        return pa.array(np.full(table.num_rows, "no"), pa.string())


class Short(Validator):
    """Judges one row too few."""

    name = "short"

    def reasons(self, table: pa.Table) -> pa.Array:
        return pa.nulls(table.num_rows - 1, pa.string())


class Broken(Validator):
    """Fails."""

    name = "broken"

    def reasons(self, table: pa.Table) -> pa.Array:
        raise KeyError("column")
