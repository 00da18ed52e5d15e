"""Insertion, deletion, substitution, swap of words: what `letter_edits` does to a word, done to a text."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pyarrow as pa

from sdp.api import Item, ItemGenerator, PerWords, TaskOptions, coded
from sdp_cute.sequences import Numbers, Sequences
from sdp_cute.texts import OTHER, Ring, Shapes, Space, compose, with_both, with_keys

BETWEEN = " "
"""What stands between two words of a text."""


class _WordEdit(ItemGenerator):
    """A text of the split's own words, one of them, and what is to be done to every instance of it."""

    strata: tuple[str, ...] = ("one", "two", "three")
    answer_pattern = r"\S+(?: \S+)*"
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"occurrences": pa.int32(), "n_words": pa.int32()}
    second: ClassVar[str | None] = None
    """The field with the other word, if there is one."""

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        self.shapes = self.arranged()
        self._ring = PerWords(Ring.of)

    def arranged(self) -> tuple[Shapes, ...]:
        """Gives the arrangements of each stratum: as many instances of the word as it says."""
        return tuple(with_keys(number) for number in range(1, len(self.strata) + 1))

    def fields(self, stratum: int) -> frozenset[str]:
        """The text, the word, and the other one."""
        del stratum
        return frozenset({"word", "text"} if self.second is None else {"word", "text", self.second})

    def n_items(self, words: pa.Table) -> Numbers:
        """As many for each word: shapes × first filler × distance of fillers."""
        sizes = [Space.of(words.num_rows, len(shapes)).size for shapes in self.shapes]
        return np.tile(np.array(sizes, dtype=np.int64), (words.num_rows, 1))

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Edits the words of each text."""
        shapes = self.shapes[stratum]
        texts = compose(shapes, self._ring(words), rows, k)
        names = words["word"].combine_chunks()
        in_text = (shapes.places == OTHER).any(axis=1)[k % len(shapes)]
        others = np.where(in_text, texts.fillers[:, 0], texts.fillers[:, -1])
        sequences = texts.words
        instances = (sequences.values == rows[sequences.owners]) | (
            (sequences.values == others[sequences.owners]) & in_text[sequences.owners]
        )
        second = {} if self.second is None else {self.second: coded(others, names)}
        return pa.table(
            {
                "text": sequences.joined(names, BETWEEN),
                **second,
                "answer": self.edited(sequences, rows, others).joined(names, BETWEEN),
                "occurrences": pa.array(np.bincount(sequences.owners[instances], minlength=len(rows)).astype(np.int32)),
                "n_words": pa.array(sequences.lengths.astype(np.int32)),
            }
        )

    @abstractmethod
    def edited(self, texts: Sequences, word: Numbers, other: Numbers) -> Sequences:
        """Does it to many texts, each with its own word and other word."""


class InsertWord(_WordEdit):
    """Asks to add a word after every instance of another in a text."""

    name, version = "cute_insert_word", 1
    second = "added"

    def edited(self, texts: Sequences, word: Numbers, other: Numbers) -> Sequences:
        """Adds the other word after each instance."""
        return texts.with_after(word, other)

    def solve(self, item: Item) -> str:
        """Writes both words wherever the one stands."""
        word, both = item.fields["word"], item.fields["word"] + BETWEEN + item.fields["added"]
        return BETWEEN.join(both if one == word else one for one in item.fields["text"].split(BETWEEN))


class DeleteWord(_WordEdit):
    """Asks to delete every instance of a word from a text."""

    name, version = "cute_delete_word", 1

    def edited(self, texts: Sequences, word: Numbers, other: Numbers) -> Sequences:
        """Takes the word out; there is no other one."""
        del other
        return texts.without(word)

    def solve(self, item: Item) -> str:
        """Keeps what is another word."""
        return BETWEEN.join(one for one in item.fields["text"].split(BETWEEN) if one != item.fields["word"])


class SubstituteWord(_WordEdit):
    """Asks to replace every instance of a word in a text by another."""

    name, version = "cute_substitute_word", 1
    second = "replacement"

    def edited(self, texts: Sequences, word: Numbers, other: Numbers) -> Sequences:
        """Puts the other word in its place."""
        return texts.substituted(word, other)

    def solve(self, item: Item) -> str:
        """Looks every word up."""
        instead = {item.fields["word"]: item.fields["replacement"]}
        return BETWEEN.join(instead.get(one, one) for one in item.fields["text"].split(BETWEEN))


class SwapWord(_WordEdit):
    """Asks to swap every instance of two words of a text.

    In CUTE both words occur once: the stratum ``once_each``.
    """

    name, version = "cute_swap_word", 1
    strata = ("once_each", "repeated")
    second = "other"

    def arranged(self) -> tuple[Shapes, ...]:
        """Gives both words one instance each, or one of them two."""
        twice, once = with_both(2, 1), with_both(1, 2)
        return with_both(1, 1), Shapes(
            np.concatenate([twice.places, once.places]), np.concatenate([twice.lengths, once.lengths])
        )

    def edited(self, texts: Sequences, word: Numbers, other: Numbers) -> Sequences:
        """Puts each in the other's place."""
        return texts.swapped(word, other)

    def solve(self, item: Item) -> str:
        """Looks every word up."""
        one, other = item.fields["word"], item.fields["other"]
        swapped = {one: other, other: one}
        return BETWEEN.join(swapped.get(word, word) for word in item.fields["text"].split(BETWEEN))
