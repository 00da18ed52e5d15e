"""Unscramble: which of four words has exactly these letters.

Whether a scrambled word has one solution depends on which words there are; with the words to choose from in the
question it can be answered by whoever sees the question alone, the oracle included.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import factorial
from typing import ClassVar

import numpy as np
import pyarrow as pa

from sdp.api import Item, ItemGenerator, PerWords, TaskOptions, coded
from sdp_cute.clusters import clusters
from sdp_cute.letters import Spelled, read_letters
from sdp_cute.sequences import Numbers

SHORTEST = 4
"""Letters."""
OPTIONS = 4
"""Words to choose from."""
MOST = 24
"""Scrambled forms of one word: enough, and a multiple of `OPTIONS`."""
BETWEEN = ", "


@dataclass(frozen=True)
class Words:
    """Which words can be told apart by their letters alone.

    Words with the same letters (anagrams) are a class. Classes of one length are sorted by their letters, the rarest
    first, so that neighbours have those in common that most other words lack.
    """

    spelled: Spelled
    texts: list[str]
    classes: Numbers
    """Which class each word belongs to, (n_words,)."""
    firsts: Numbers
    """The most frequent word of each class."""
    blocks: Numbers
    """Of each class, the first one of its length and the one past the last, (n_classes, 2)."""
    n_forms: Numbers
    """Scrambled forms of each word that are asked about, (n_words,)."""


def _read(words: pa.Table) -> Words:
    spelled = read_letters(words)
    letters, n_words = spelled.letters, words.num_rows
    counts = np.bincount(letters.values, minlength=len(spelled.alphabet))
    rarity = np.argsort(np.argsort(counts, kind="stable"))[letters.values]
    order = np.lexsort((rarity, letters.owners))
    ends = [*letters.starts.tolist(), len(order)]
    ordered = rarity[order].tolist()
    keys = [(last - first, tuple(ordered[first:last])) for first, last in pairwise(ends)]
    number = {key: i for i, key in enumerate(sorted(set(keys)))}
    classes = np.array([number[key] for key in keys], dtype=np.int64)
    lengths = np.array([length for length, _ in number], dtype=np.int64)
    blocks = np.stack([np.searchsorted(lengths, lengths), np.searchsorted(lengths, lengths, side="right")], axis=1)
    firsts = np.unique(classes, return_index=True)[1]
    enough = (blocks[:, 1] - blocks[:, 0] >= OPTIONS) & (lengths >= SHORTEST)
    forms = [
        min(MOST, n_arrangements(key) - 1) if ok else 0 for (_, key), ok in zip(number, enough.tolist(), strict=True)
    ]
    n_forms = np.array(forms, dtype=np.int64)[classes] if n_words else np.zeros(0, dtype=np.int64)
    return Words(spelled, words["word"].to_pylist(), classes, firsts.astype(np.int64), blocks, n_forms)


def n_arrangements(letters: Sequence[int]) -> int:
    """Counts the different orders of some letters."""
    n = factorial(len(letters))
    for count in Counter(letters).values():
        n //= factorial(count)
    return n


def arrangement(letters: Sequence[int], number: int) -> list[int]:
    """Gives one of the different orders of some letters, numbered as in a dictionary, from 0."""
    left = dict(sorted(Counter(letters).items()))
    n_orders, found = n_arrangements(letters), []
    for n_left in range(len(letters), 0, -1):
        beginning = 0
        for letter, count in left.items():
            beginning = n_orders * count // n_left  # orders of what is left that begin with it
            if number < beginning:
                found.append(letter)
                break
            number -= beginning
        n_orders = beginning
        left[found[-1]] -= 1
    return found


def scrambled(letters: list[int], number: int, n_forms: int) -> list[int]:
    """Gives one of `n_forms` orders of a word's letters that lie far apart in the dictionary; never the word itself."""
    n_others = n_arrangements(letters) - 1
    place = (2 * number + 1) * n_others // (2 * n_forms)
    form = arrangement(letters, place)
    return form if form < letters else arrangement(letters, place + 1)


class Unscramble(ItemGenerator):
    """Asks which of four words has the scrambled letters; the others have many of them, and as many."""

    name, version = "cute_unscramble", 1
    strata = ("first", "second", "third", "fourth")
    answer_pattern = r"\S+"
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int32()}

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        self._words = PerWords(_read)

    def fields(self, stratum: int) -> frozenset[str]:
        """The letters, and the words to choose from."""
        del stratum
        return frozenset({"letters", "options"})

    def n_items(self, words: pa.Table) -> Numbers:
        """Scrambled forms of each word; the right word stands in each place once."""
        return np.tile(self._words(words).n_forms[:, None], (1, OPTIONS))

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Scrambles each word, and puts words like it beside it."""
        known = self._words(words)
        letters, alphabet = known.spelled.letters, known.spelled.alphabet.to_pylist()
        own = known.classes[rows]
        # Which of the four neighbours the word is differs, or sorting the options would find it.
        first = np.clip(own - k % OPTIONS, known.blocks[own, 0], known.blocks[own, 1] - OPTIONS)
        others = first[:, None] + np.arange(OPTIONS - 1)
        others = known.firsts[others + (others >= own[:, None])].tolist()
        shown, options = [], []
        for row, number, beside in zip(rows.tolist(), k.tolist(), others, strict=True):
            start = letters.starts[row]
            word = letters.values[start : start + letters.lengths[row]].tolist()
            form = scrambled(word, number, int(known.n_forms[row]))
            shown.append("".join(alphabet[letter] for letter in form))
            choice = [known.texts[other] for other in beside]
            choice.insert(stratum, known.texts[row])
            options.append(BETWEEN.join(choice))
        return pa.table(
            {
                "letters": pa.array(shown, pa.string()),
                "options": pa.array(options, pa.string()),
                "answer": coded(rows, words["word"].combine_chunks()),
                "length": pa.array(letters.lengths[rows].astype(np.int32)),
            }
        )

    def solve(self, item: Item) -> str:
        """Sorts everybody's letters."""
        letters = sorted(clusters(item.fields["letters"]))
        fitting = [word for word in item.fields["options"].split(BETWEEN) if sorted(clusters(word)) == letters]
        return fitting[0] if len(fitting) == 1 else ""
