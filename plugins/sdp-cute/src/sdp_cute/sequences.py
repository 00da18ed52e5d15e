"""Letters of words and words of texts are both sequences of numbers: what is done to one is done to the other."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sequences:
    """Many sequences, end to end."""

    values: Numbers
    """Of all of them, (n_values,)."""
    lengths: Numbers
    """Of each, (n,)."""

    @cached_property
    def starts(self) -> Numbers:
        """Where each begins among all values, (n,)."""
        starts: Numbers = np.cumsum(self.lengths) - self.lengths
        return starts

    @cached_property
    def owners(self) -> Numbers:
        """Which sequence each value belongs to, (n_values,)."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def places(self) -> Numbers:
        """Where each value stands in its own sequence, from 0, (n_values,)."""
        return np.arange(len(self.values)) - self.starts[self.owners]

    def take(self, rows: Numbers) -> "Sequences":
        """Takes whole sequences, in any order, any number of times."""
        lengths = self.lengths[rows]
        ends = np.cumsum(lengths)
        within = np.arange(int(lengths.sum())) - np.repeat(ends - lengths, lengths)
        return Sequences(self.values[np.repeat(self.starts[rows], lengths) + within], lengths)

    def reversed(self) -> "Sequences":
        """Turns each sequence round."""
        last = self.starts[self.owners] + self.lengths[self.owners] - 1
        return Sequences(self.values[last - self.places], self.lengths)

    def kept(self, mask: npt.NDArray[np.bool_]) -> "Sequences":
        """Keeps some of the values, (n_values,)."""
        lengths = np.bincount(self.owners[mask], minlength=len(self.lengths))
        return Sequences(self.values[mask], lengths.astype(np.int64))

    def without(self, unwanted: Numbers) -> "Sequences":
        """Takes every instance of a value out of each sequence.

        Args:
            unwanted: One per sequence, (n,).
        """
        return self.kept(self.values != unwanted[self.owners])

    def with_after(self, wanted: Numbers, added: Numbers) -> "Sequences":
        """Puts a value after every instance of another; each sequence has its own two, (n,) and (n,)."""
        found = self.values == wanted[self.owners]
        repeats = 1 + found.astype(np.int64)
        values = np.repeat(self.values, repeats)
        values[np.cumsum(repeats)[found] - 1] = added[self.owners[found]]
        lengths = self.lengths + np.bincount(self.owners[found], minlength=len(self.lengths))
        return Sequences(values, lengths.astype(np.int64))

    def substituted(self, old: Numbers, new: Numbers) -> "Sequences":
        """Replaces every instance of a value; each sequence has its own two, (n,) and (n,)."""
        values = np.where(self.values == old[self.owners], new[self.owners], self.values)
        return Sequences(values, self.lengths)

    def swapped(self, one: Numbers, other: Numbers) -> "Sequences":
        """Replaces every instance of one value by the other, and the other way round."""
        first, second = one[self.owners], other[self.owners]
        values = np.where(self.values == first, second, np.where(self.values == second, first, self.values))
        return Sequences(values, self.lengths)

    def joined(self, texts: pa.StringArray, separator: str = "") -> pa.StringArray:
        """Writes each sequence as a text.

        Args:
            texts: What each number stands for.
            separator: What comes between two of them.
        """
        offsets = np.append(self.starts, len(self.values)).astype(np.int32)
        lists = pa.ListArray.from_arrays(pa.array(offsets), texts.take(pa.array(self.values)))
        return pc.binary_join(lists, separator)
