"""Length distribution: no split has the long words."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.validator import Validator
from sdp.data.graphemes import graphemes
from sdp.validators.apart import Counts, Sample, effective_words, ks_distance
from sdp.validators.tally import Tally

LIMIT = 0.2
"""Kolmogorov–Smirnov distance: a fifth of the rows would have to be about words of another length."""


class LengthDistribution(Validator):
    """Complains when a split's keys are much longer or shorter than train's."""

    name = "length_distribution"
    scope = "set"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._keys = Tally("key")
        self._notes: list[str] = []

    def reasons(self, table: pa.Table) -> pa.Array:
        """Counts keys; no single row is at fault."""
        self._keys.add(table)
        return pa.nulls(table.num_rows, pa.string())

    def finish(self) -> list[str]:
        """Compares every split with train, in letters."""
        counted = {split: self._keys.counts(split) for split in self._keys.splits}
        lengths = {split: by_length(counts) for split, counts in counted.items()}
        longest = max((len(counts) for counts in lengths.values()), default=0)
        samples = {
            split: Sample(
                np.pad(counts, (0, longest - len(counts))),
                effective_words(np.asarray(counted[split]["n"], dtype=np.float64)),
            )
            for split, counts in lengths.items()
        }
        problems = []
        self._notes = [f"{split}: keys of {_mean(sample):.1f} letters on average" for split, sample in samples.items()]
        for split in samples if "train" in samples else ():
            if split == "train":
                continue
            distance = ks_distance(samples["train"], samples[split])
            said = f"Kolmogorov–Smirnov distance {distance.size:.2f}, at most {LIMIT}"
            if distance.beyond(LIMIT):
                means = f"{_mean(samples[split]):.1f} letters on average, train's {_mean(samples['train']):.1f}"
                problems.append(f"{split}: its keys have other lengths than train's ({means}), {said}")
            else:
                self._notes.append(f"{split}: {said}")
        return problems

    def notes(self) -> list[str]:
        """Gives mean lengths, and every split's distance from train."""
        return self._notes


def by_length(counts: pa.Table) -> Counts:
    """Adds up rows by the letters of their key.

    Args:
        counts: `value` and `n`.

    Returns:
        Rows at 0, 1, 2 … letters.
    """
    keys = counts["value"].combine_chunks()
    n = np.asarray(pc.utf8_length(keys), dtype=np.int64).copy()
    several = np.flatnonzero(np.asarray(pc.invert(pc.string_is_ascii(keys))))
    for place in several:
        n[place] = len(graphemes(keys[int(place)].as_py()))
    return np.bincount(n, weights=np.asarray(counts["n"], dtype=np.float64)).astype(np.float64, copy=False)


def _mean(sample: Sample) -> float:
    return float((sample.counts * np.arange(len(sample.counts))).sum() / sample.n_rows)
