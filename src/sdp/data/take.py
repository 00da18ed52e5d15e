"""Single rows of a data set, by their numbers: only the row groups that hold them are read."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.data.dataset import TaskFolder
from sdp.errors import InputError


def rows_at(folder: TaskFolder, split: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Reads rows of a split.

    Args:
        folder: The data set.
        split: One of its splits.
        numbers: Each below ``folder.n_rows(split)``, in any order.

    Returns:
        The rows, in the order of `numbers`.

    Raises:
        InputError: A shard cannot be read.
    """
    wanted = sorted(set(numbers))
    found: dict[int, dict[str, Any]] = {}
    first = 0
    for shard in folder.manifest.shards:
        if shard.split == split:
            here = _between(wanted, first, first + shard.rows)
            rows = _read(folder.path / shard.file, [number - first for number in here]) if here else []
            found.update(zip(here, rows, strict=True))
            first += shard.rows
    return [found[number] for number in numbers]


def _between(numbers: Sequence[int], first: int, last: int) -> Sequence[int]:
    return numbers[bisect_left(numbers, first) : bisect_left(numbers, last)]


def _read(path: Path, places: Sequence[int]) -> list[dict[str, Any]]:
    try:
        with pq.ParquetFile(path) as parquet:
            return list(_from_groups(parquet, places))
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"shard '{path.name}' cannot be read: {error}", where=str(path), hint="make the data set again"
        ) from error


def _from_groups(parquet: pq.ParquetFile, places: Sequence[int]) -> Iterator[dict[str, Any]]:
    first = 0
    for group in range(parquet.num_row_groups):
        last = first + parquet.metadata.row_group(group).num_rows
        if here := _between(places, first, last):
            table = parquet.read_row_group(group)
            yield from table.take([place - first for place in here]).to_pylist()
        first = last
