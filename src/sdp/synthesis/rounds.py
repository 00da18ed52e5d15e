"""Which shards to make, round by round: first what was planned, then what takes the place of rejected rows."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sdp.contract.rows import SPLITS
from sdp.data.splits import apportion
from sdp.synthesis.open_task import Picker
from sdp.synthesis.refill import Refill
from sdp.synthesis.shard import Done, Work
from sdp.synthesis.source import Source


class ItemRounds:
    """Rounds of a finite task.

    Args:
        source: What the data set is made of.
        folder: Where shards go.
    """

    def __init__(self, source: Source, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self._splits = source.plan.splits
        self._refills = {name: Refill(split) for name, split in self._splits.items()}
        self._round = 0

    def first(self) -> list[Work]:
        """Gives the planned shards."""
        return [
            _work(self._source, self._folder, f"{name}-r0-{number:05d}", name, first=first, last=last)
            for name, split in self._splits.items()
            for number, (first, last) in enumerate(pieces(split.n_rows, self._source.settings.rows_per_shard))
        ]

    def after(self, results: list[Done]) -> list[Work]:
        """Gives a shard per split that lost rows; none when nothing is missing."""
        self._round += 1
        work = []
        for name in self._splits:
            missing: Counter[int] = Counter()
            rejects: Counter[str] = Counter()
            for done in results:
                if done.split == name:
                    missing.update(done.missing)
                    rejects.update(done.rejects)
            if missing:
                refill = self._refills[name].take(missing, rejects)
                work.append(_work(self._source, self._folder, f"{name}-r{self._round}-00000", name, refill=refill))
        return work


class OpenRounds:
    """Rounds of an open task.

    Args:
        source: What the data set is made of.
        folder: Where shards go.
    """

    def __init__(self, source: Source, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self._picker = Picker(source)
        self._round = 0

    def first(self) -> list[Work]:
        """Picks as many candidates as rows were asked for."""
        quotas = apportion(self._source.settings.n, self._source.settings.ratios)
        return self._pick(dict(zip(SPLITS, quotas, strict=True)))

    def after(self, results: list[Done]) -> list[Work]:
        """Picks as many again as were rejected."""
        self._round += 1
        missing = dict.fromkeys(SPLITS, 0)
        for done in results:
            missing[done.split] += sum(done.missing.values())
            self._picker.rejects.update(done.rejects)
        return self._pick(missing) if any(missing.values()) else []

    def _pick(self, quotas: dict[str, int]) -> list[Work]:
        size = self._source.settings.rows_per_shard
        return [
            _work(
                self._source,
                self._folder,
                f"{split}-r{self._round}-{number:05d}",
                split,
                candidates=tuple(indices[first:last]),
            )
            for split, indices in self._picker.pick(quotas).items()
            for number, (first, last) in enumerate(pieces(len(indices), size))
        ]


def _work(source: Source, folder: Path, name: str, split: str, **what: Any) -> Work:
    return Work(source.settings, source.fingerprint, folder, name, split, **what)


def pieces(n: int, size: int) -> Iterator[tuple[int, int]]:
    """Cuts 0 … n into pieces of `size`, as first and past-the-last."""
    for first in range(0, n, size):
        yield first, min(first + size, n)
