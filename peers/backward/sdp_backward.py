"""Words written backward, as an sdp plugin: the question that reasoning-gym's `spell_backward` asks."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.api import ItemGenerator, hookimpl


class Backward(ItemGenerator):
    """Asks for a word's letters in reverse order; ASCII words only, as in the other tool's list."""

    name, version = "backward", 1
    max_floor = 0.05
    meta: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int32()}
    templates = (
        "Spell this word backward (example: sun -> nus): {{ word }}",
        "Write {{ word }} backward.",
        'Reverse the letters of "{{ word }}".',
        "What is '{{ word }}' in reverse?",
        "Give the letters of {{ word }} from last to first, without spaces.",
        'How does "{{ word }}" read from right to left?',
        "Turn {{ word }} around, letter by letter.",
        "Please spell '{{ word }}' starting at its last letter.",
        "word: {{ word }}\nreversed:",
        'print("{{ word }}"[::-1])',
        "Mirror the word {{ word }}.",
        'I have the word "{{ word }}". Its letters in the opposite order, please.',
    )

    def fields(self, stratum: int) -> frozenset[str]:
        """The word alone."""
        del stratum
        return frozenset({"word"})

    def n_items(self, words: pa.Table) -> npt.NDArray[np.int64]:
        """One question per word."""
        return np.asarray(pc.string_is_ascii(words["word"])).astype(np.int64)[:, np.newaxis]

    def items(self, words: pa.Table, rows: npt.NDArray[np.int64], stratum: int, k: npt.NDArray[np.int64]) -> pa.Table:
        """Reverses each word of the table once, and says which one each row has."""
        del stratum, k
        word, place = words["word"].combine_chunks(), pa.array(rows.astype(np.int32))
        return pa.table(
            {
                "answer": pa.DictionaryArray.from_arrays(place, pc.utf8_reverse(word)),
                "length": pc.utf8_length(word).take(place),
            }
        )

    def solve_table(self, questions: pa.Table) -> pa.DictionaryArray:
        """Answers each distinct word once."""
        asked = questions["word"].combine_chunks().dictionary_encode()
        return pa.DictionaryArray.from_arrays(asked.indices, _read_from_the_end(asked.dictionary))


def _read_from_the_end(words: pa.StringArray) -> pa.StringArray:
    """Takes all words for one line of letters, turns the line around, and puts the words back in order."""
    _, ends, letters = words.buffers()
    ends = np.frombuffer(ends, dtype=np.int32)[words.offset : words.offset + len(words) + 1]
    line = np.frombuffer(letters, dtype=np.uint8)[ends[0] : ends[-1]]
    turned_ends = pa.py_buffer((ends[-1] - ends[::-1]).astype(np.int32))
    turned = pa.StringArray.from_buffers(len(words), turned_ends, pa.py_buffer(line[::-1].tobytes()))
    return turned.take(pa.array(np.arange(len(words))[::-1]))


@hookimpl
def sdp_generators() -> Iterable[type[Any]]:
    """Offers the task."""
    return [Backward]
