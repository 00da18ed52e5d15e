"""Position: which letter stands at place k, from the start or from the end."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import regex

from sdp.contract.generator import Item, ItemGenerator
from sdp.errors import InputError

ORDINALS: tuple[str, ...] = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
FROM_END: tuple[str, ...] = ("last", *(f"{ordinal}-to-last" for ordinal in ORDINALS[1:]))
N_BASES = 2
"""The first letter is number 0 or number 1; the prompt says which."""


class Position(ItemGenerator):
    """Asks for one letter of a word by its place."""

    name, version = "position", 1
    strata = ("ordinal_start", "ordinal_end", "number_start", "number_end")
    answer_pattern = r"(?!\s)\X"
    max_floor = 0.25
    meta: ClassVar[Mapping[str, pa.DataType]] = {"position": pa.int32(), "from_end": pa.bool_(), "length": pa.int32()}

    def fields(self, stratum: int) -> frozenset[str]:
        """The word, the place, and for numbers what the counting begins with."""
        return (
            frozenset({"word", "ordinal"}),
            frozenset({"word", "ordinal_from_end"}),
            frozenset({"word", "number", "base"}),
            frozenset({"word", "number_from_end", "base"}),
        )[stratum]

    def n_items(self, words: pa.Table) -> npt.NDArray[np.int64]:
        """One question per letter, and per base where it is a number."""
        lengths = np.asarray(pc.list_value_length(words["graphemes"]), dtype=np.int64)
        ordinals = np.minimum(lengths, len(ORDINALS))
        return np.stack([ordinals, ordinals, N_BASES * lengths, N_BASES * lengths], axis=1)

    def items(self, words: pa.Table, rows: npt.NDArray[np.int64], stratum: int, k: npt.NDArray[np.int64]) -> pa.Table:
        """Takes the letter at each place."""
        drawn = words.select(["word", "graphemes"]).take(rows).combine_chunks()
        letters = drawn["graphemes"].combine_chunks()
        lengths = np.asarray(pc.list_value_length(letters), dtype=np.int64)
        name = self.strata[stratum]
        by_number, from_end = name.startswith("number"), name.endswith("end")
        place, base = (k // N_BASES, k % N_BASES) if by_number else (k, None)  # place counts from 0 on its own side
        starts = np.asarray(letters.offsets, dtype=np.int64)[:-1]
        flat_index = starts + (lengths - 1 - place if from_end else place)
        return pa.table(
            {
                "word": drawn["word"],
                **_place_fields(place, base, from_end=from_end),
                "answer": letters.values.take(pa.array(flat_index)),
                "trace": pc.binary_join(letters, "-"),
                "position": pa.array(place + 1, pa.int32()),
                "from_end": pa.repeat(pa.scalar(from_end), len(rows)),
                "length": pa.array(lengths, pa.int32()),
            }
        )

    def solve(self, item: Item) -> str:
        """Reads the place back from its words and walks the letters to it."""
        letters = regex.findall(r"\X", item.fields["word"])
        for name, names, step in (("ordinal", ORDINALS, 1), ("ordinal_from_end", FROM_END, -1)):
            if name in item.fields:
                return str(letters[::step][_index_of(names, item.fields[name])])
        number, step = ("number", 1) if "number" in item.fields else ("number_from_end", -1)
        for count, letter in enumerate(letters[::step], start=int(item.fields["base"])):
            if str(count) == item.fields[number]:
                return str(letter)
        raise InputError(f"'{item.fields['word']}' has no letter number {item.fields[number]}")


def _place_fields(
    place: npt.NDArray[np.int64], base: npt.NDArray[np.int64] | None, *, from_end: bool
) -> dict[str, pa.Array]:
    """Words the place: an ordinal, or a number with the base it counts from."""
    if base is None:
        name, names = ("ordinal_from_end", FROM_END) if from_end else ("ordinal", ORDINALS)
        return {name: pa.array(names, pa.string()).take(pa.array(place))}
    name = "number_from_end" if from_end else "number"
    return {name: pc.cast(pa.array(place + base), pa.string()), "base": pc.cast(pa.array(base), pa.string())}


def _index_of(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise InputError(f"unknown ordinal '{name}'")
    return names.index(name)
