"""The rows that `sdp show` shows: of a data set, or made on the spot."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sdp.contract.generator import ItemGenerator
from sdp.data.dataset import TaskFolder
from sdp.data.splits import apportion
from sdp.data.take import rows_at
from sdp.seeds import derive
from sdp.synthesis.open_task import OpenRows
from sdp.synthesis.permutation import permute
from sdp.synthesis.picker import pick
from sdp.synthesis.rows import rows_table
from sdp.synthesis.source import Source


def first_rows(folder: TaskFolder, split: str | None, n: int) -> Iterator[dict[str, Any]]:
    """Reads the first rows of a split, of test if none is named."""
    split = split or ("test" if folder.n_rows("test") else next(iter(folder.manifest.splits)))
    yield from rows_at(folder, split, range(min(n, folder.n_rows(split))))


def sampled_rows(folder: TaskFolder, split: str | None, n: int, seed: int) -> Iterator[dict[str, Any]]:
    """Draws rows without replacement from one split, or from all of them in proportion to their rows.

    A larger sample of one split holds the smaller one with the same seed.
    """
    splits = [split] if split else list(folder.manifest.splits)
    sizes = [folder.n_rows(name) for name in splits]
    shares = apportion(min(n, sum(sizes)), sizes)
    for name, size, share in zip(splits, sizes, shares, strict=True):
        key = derive(seed, "show", folder.task, name)
        yield from rows_at(folder, name, permute(np.arange(share, dtype=np.uint64), size, key).tolist())


def made_rows(source: Source) -> Iterator[dict[str, Any]]:
    """Makes all rows of a small data set, split by split."""
    if isinstance(source.generator, ItemGenerator):
        for plan in source.plan.splits.values():
            yield from rows_table(source.plan, plan, 0, plan.n_rows).to_pylist()
    else:
        for candidates in pick(source, source.settings.split_sizes).candidates.values():
            yield from OpenRows(source).table(candidates).to_pylist()
