"""Putting questions into words, a whole column at once.

Phrasings that show the same fields in the same order have one shape: their prompts are one concatenation of columns, in
which the text between two fields differs from row to row like a field does. Hundreds of phrasings and variants are so
rendered with a few calls.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.columns import coded
from sdp.synthesis.ids import Ids, way_id
from sdp.templates.noise import Variant, variants
from sdp.templates.phrasing import Phrasing
from sdp.templates.render import compile as compile_phrasing
from sdp.templates.render import refuse_long
from sdp.templates.surfaces import Surfaces, surfaces

Numbers = npt.NDArray[np.int64]
Columns = Mapping[str, pa.DictionaryArray]


@dataclass(frozen=True)
class Shape:
    """Ways to ask that show the same fields in the same order."""

    fields: tuple[str, ...]
    """In the order shown; a field may be shown twice."""
    shown: frozenset[str]
    texts: tuple[pa.StringArray, ...]
    """Text before, between and behind the fields, one per way of this shape."""
    pools: Surfaces
    """What its names, places and sentences are drawn from."""
    where: str
    """File and line of the first phrasing that has it."""
    phrasing: Phrasing | None = None
    """Of a phrasing with logic: it is rendered row by row."""

    def surfaces(self, numbers: Numbers) -> dict[str, pa.DictionaryArray]:
        """Looks up the names, places and sentences that each number stands for."""
        columns, rest = {}, numbers
        for name, values in self.pools.pools:
            columns[name] = coded(rest % len(values), values)
            rest = rest // len(values)
        return columns

    def render(self, which: Numbers, columns: Columns) -> pa.StringArray:
        """Makes one prompt per row.

        Args:
            which: Way of each row, counted within the shape, (n,).
            columns: Every field shown, (n,).
        """
        if self.phrasing is not None:
            plain = {name: columns[name].cast(pa.string()) for name in sorted(self.shown)}
            return compile_phrasing(self.phrasing).render(plain or {"": pa.nulls(len(which), pa.string())})
        index = None if len(self.texts[0]) == 1 else pa.array(which)
        if index is None and not self.fields:
            return pa.repeat(self.texts[0][0], len(which))
        parts = [self._text(0, index)]
        for place, name in enumerate(self.fields, start=1):
            column = columns[name]
            parts += [column.dictionary.take(column.indices), self._text(place, index)]
        prompts = pc.binary_join_element_wise(*parts, "")
        refuse_long(prompts, self.where)
        return prompts

    def _text(self, place: int, index: pa.Array | None) -> pa.StringArray | pa.StringScalar:
        texts = self.texts[place]
        return texts[0] if index is None else texts.take(index)


class Wording:
    """All ways to ask the questions of one stratum: phrasings × variants of their looks, numbered.

    Args:
        task: Name of the generator, part of every id.
        version: Of the generator, likewise.
        phrasings: In the order of the stratum's cells.
        noise: What may vary in their looks.
    """

    def __init__(self, task: str, version: int, phrasings: Sequence[Phrasing], noise: Sequence[str]) -> None:
        self.phrasings = tuple(phrasings)
        every = [looks(phrasing, tuple(noise)) for phrasing in phrasings]
        self.first_way = np.cumsum([0, *map(len, every)])[:-1].astype(np.int64)
        """Number of each phrasing's first variant, (n_phrasings,)."""
        ways = [(phrasing, look) for phrasing, group in zip(phrasings, every, strict=True) for look in group]
        self.ids: Ids = np.array([way_id(task, version, p.hash, look.name) for p, look in ways], dtype=np.uint64)
        names = list(dict.fromkeys(look.name for _, look in ways))
        self.names: pa.StringArray = pa.array(names, pa.string())
        """What was done to the looks, each name once."""
        self.name_codes = np.array([names.index(look.name) for _, look in ways], dtype=np.int64)
        self._shapes, self._shape_of, self._place_in = _shapes([(p, look.segments) for p, look in ways])

    def way_of(self, phrasing: Phrasing) -> int:
        """Gives the number of a phrasing's first variant."""
        return int(self.first_way[self.phrasings.index(phrasing)])

    def groups(self, ways: Numbers) -> Iterator[tuple[Shape, Numbers, Numbers]]:
        """Sorts rows by shape.

        Args:
            ways: Number of each row's way, (n,).

        Yields:
            A shape, the rows that have it, and which of its ways each of them has.
        """
        shape_of = self._shape_of[ways]
        for number, shape in enumerate(self._shapes):
            rows = np.flatnonzero(shape_of == number) if len(self._shapes) > 1 else np.arange(len(ways))
            if len(rows):
                yield shape, rows, self._place_in[ways[rows]]


@lru_cache(maxsize=4096)
def looks(phrasing: Phrasing, noise: tuple[str, ...]) -> tuple[Variant, ...]:
    """Lists the variants of a phrasing's looks, once for all strata and splits."""
    return variants(phrasing, noise)


def _shapes(
    ways: Sequence[tuple[Phrasing, tuple[tuple[str, bool], ...] | None]],
) -> tuple[tuple[Shape, ...], Numbers, Numbers]:
    """Groups ways by shape; gives the shapes, and for each way its shape and its place among those of that shape."""
    members: dict[tuple[object, ...], list[tuple[str, ...]]] = {}
    first: dict[tuple[object, ...], Phrasing] = {}
    places, keys = [], []
    for phrasing, segments in ways:
        key, texts = _split(segments) if segments is not None else ((None, phrasing.hash), ())
        first.setdefault(key, phrasing)
        places.append(len(members.setdefault(key, [])))
        members[key].append(texts)
        keys.append(key)
    shapes = []
    for key, of_ways in members.items():
        phrasing = first[key]
        if key[:1] == (None,):
            shapes.append(Shape((), phrasing.fields, (), surfaces(phrasing), phrasing.where, phrasing))
        else:
            fields = tuple(map(str, key))
            columns = tuple(pa.array(column, pa.string()) for column in zip(*of_ways, strict=True))
            shapes.append(Shape(fields, frozenset(fields), columns, surfaces(phrasing), phrasing.where))
    numbers = {key: number for number, key in enumerate(members)}
    return tuple(shapes), np.array([numbers[key] for key in keys], dtype=np.int64), np.array(places, dtype=np.int64)


def _split(segments: tuple[tuple[str, bool], ...]) -> tuple[tuple[object, ...], tuple[str, ...]]:
    """Splits a phrasing into the fields it shows and the texts around them, one more than fields."""
    fields, texts = [], [""]
    for text, is_field in segments:
        if is_field:
            fields.append(text)
            texts.append("")
        else:
            texts[-1] += text
    return tuple(fields), tuple(texts)
