"""First and last index: at which place a letter stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa

from sdp.api import Item, ItemGenerator, PerWords, TaskOptions, coded
from sdp_cute.clusters import clusters
from sdp_cute.letters import Spelled, Strata, of_letters, one_letter, read_letters
from sdp_cute.sequences import Numbers

PLACES = 7
"""Places 1 to 6 have a stratum each, those from 7 on one together."""
KINDS = ("once", "repeated")


@dataclass(frozen=True)
class Asked:
    """Letters by how often they occur and where."""

    spelled: Spelled
    strata: Strata


def _by_place(words: pa.Table, chosen: tuple[str, ...], end: Literal["first", "last"]) -> Asked:
    spelled = read_letters(words)
    pairs = of_letters(spelled, spelled.pairs, chosen)
    place = np.minimum(pairs.first if end == "first" else pairs.last, PLACES - 1)
    kinds = [(repeated, at) for repeated in (False, True) for at in range(PLACES) if _possible(end, at, repeated)]
    parts = tuple(pairs.where(((pairs.count > 1) == repeated) & (place == at)) for repeated, at in kinds)
    return Asked(spelled, Strata.of(parts, words.num_rows))


def _possible(end: str, at: int, repeated: bool) -> bool:  # noqa: FBT001  (one of two kinds)
    """A letter that occurs twice does not occur for the last time at the first place."""
    return at > 0 or not repeated or end == "first"


def _names(end: str) -> tuple[str, ...]:
    places = [*map(str, range(1, PLACES)), f"{PLACES}_or_more"]
    return tuple(
        f"{kind}_{place}" for kind in KINDS for at, place in enumerate(places) if _possible(end, at, kind == "repeated")
    )


class _Index(ItemGenerator):
    """A word and a letter that it has; places count from 1."""

    domain: ClassVar[Mapping[str, tuple[str, ...]]] = {"letters": ()}
    answer_pattern = r"\d+"
    max_floor = 0.2
    meta: ClassVar[Mapping[str, pa.DataType]] = {"index": pa.int32(), "occurrences": pa.int32(), "length": pa.int32()}
    end: ClassVar[Literal["first", "last"]]

    def __init__(self, options: TaskOptions | None = None) -> None:
        super().__init__(options)
        chosen = tuple(one_letter(text) for text in self.chosen("letters"))
        self._asked = PerWords(partial(_by_place, chosen=chosen, end=self.end))

    def fields(self, stratum: int) -> frozenset[str]:
        """The word and the letter."""
        del stratum
        return frozenset({"word", "letter"})

    def n_items(self, words: pa.Table) -> Numbers:
        """Letters of each word that stand at the stratum's place."""
        return self._asked(words).strata.n_pairs

    def items(self, words: pa.Table, rows: Numbers, stratum: int, k: Numbers) -> pa.Table:
        """Looks the letters' places up."""
        asked = self._asked(words)
        spelled, pairs = asked.spelled, asked.strata.drawn(stratum, rows, k)
        place = pairs.first if self.end == "first" else pairs.last
        numerals = pa.array([str(number) for number in range(int(place.max(initial=0)) + 2)], pa.string())
        return pa.table(
            {
                "letter": coded(pairs.letter, spelled.alphabet),
                "answer": coded(place + 1, numerals),
                "trace": coded(rows, spelled.hyphened),
                "letter_index": pa.array(place.astype(np.int32)),
                "index": pa.array((place + 1).astype(np.int32)),
                "occurrences": pa.array(pairs.count.astype(np.int32)),
                "length": pa.array(spelled.letters.lengths[rows].astype(np.int32)),
            }
        )


class FirstIndex(_Index):
    """Asks for the place of a letter's first instance in a word."""

    name, version = "cute_first_index", 1
    end = "first"
    strata = _names(end)

    def solve(self, item: Item) -> str:
        """Walks from the left until the letter comes."""
        found = [place for place, one in enumerate(clusters(item.fields["word"]), 1) if one == item.fields["letter"]]
        return str(found[0]) if found else ""


class LastIndex(_Index):
    """Asks for the place of a letter's last instance in a word, counted from its beginning."""

    name, version = "cute_last_index", 1
    end = "last"
    strata = _names(end)

    def solve(self, item: Item) -> str:
        """Walks from the left and remembers where the letter came last."""
        found = [place for place, one in enumerate(clusters(item.fields["word"]), 1) if one == item.fields["letter"]]
        return str(found[-1]) if found else ""
