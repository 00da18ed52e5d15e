"""Which shards to make, and again with other rows in the place of rejected ones, until none is missing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from sdp.contract.generator import ItemGenerator
from sdp.data.place import Place
from sdp.errors import PluginError
from sdp.synthesis.picker import Picked
from sdp.synthesis.refill import Refill
from sdp.synthesis.shard import Done, Work
from sdp.synthesis.source import Source


def planned(source: Source, place: Place, picked: Picked | None = None) -> list[Work]:
    """Names every shard of a data set, the way `datasets` counts them.

    Args:
        source: What the data set is made of.
        place: Where shards go.
        picked: Of an open task: its candidates.
    """
    sizes = {split: len(chosen) for split, chosen in picked.candidates.items()} if picked else _sizes(source)
    work = []
    for split, n_rows in sizes.items():
        cut = list(pieces(n_rows, source.settings.rows_per_shard))
        for number, (first, last) in enumerate(cut):
            name = f"{split}-{number:05d}-of-{len(cut):05d}.parquet"
            candidates = picked.candidates[split][first:last] if picked else None
            work.append(Work(source.fingerprint, place, name, split, first, last, candidates=candidates))
    return work


def _sizes(source: Source) -> dict[str, int]:
    return {name: split.n_rows for name, split in source.plan.splits.items()}


class Rounds:
    """Finds replacements for rejected rows: a shard that lost rows is made again with others at its end.

    Args:
        source: What the data set is made of.
    """

    def __init__(self, source: Source) -> None:
        finite = isinstance(source.generator, ItemGenerator)
        self._refills = {name: Refill(split) for name, split in source.plan.splits.items()} if finite else {}
        self._done: dict[str, Done] = {}

    def again(self, work: list[Work], results: list[Done]) -> list[Work]:
        """Gives the shards that lack rows, with what takes their place.

        Args:
            work: What was made.
            results: What became of each.

        Raises:
            InputError: There are not enough rows that pass.
            PluginError: A row of an open task passed at first, and then did not.
        """
        self._done |= {done.name: done for done in results}
        again = []
        for one, done in zip(work, results, strict=True):
            if not done.missing:
                continue
            if one.candidates is not None:
                reason = next(iter(done.rejects))
                raise PluginError(
                    f'a row passed at first, and then did not: "{reason}"', hint="judge rows by themselves"
                )
            ranges = self._refills[done.split].take(done.missing, self._rejects(done.split))
            again.append(replace(one, refills=(*one.refills, ranges)))
        return again

    def _rejects(self, split: str) -> Counter[str]:
        """Counts what a split lost so far; a shard that was made again counts all it lost itself."""
        return sum((Counter(done.rejects) for done in self._done.values() if done.split == split), Counter())


def pieces(n: int, size: int) -> Iterator[tuple[int, int]]:
    """Cuts 0 … n into pieces of `size`, as first and past-the-last."""
    for first in range(0, n, size):
        yield first, min(first + size, n)
