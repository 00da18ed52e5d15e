"""Mixing sources: how many rows of each, which ones, and none that repeats the replay words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.data.splits import apportion
from sdp.errors import InputError
from sdp.seeds import derive


@dataclass(frozen=True, slots=True)
class Part:
    """One source's rows and its share of the examples."""

    name: str
    share: float
    table: pa.Table
    """`id`, `prompt`, `text` (what is trained) and `family`."""


def epoch_rows(parts: Sequence[Part], replay_share: float = 0.0) -> int:
    """Says how many rows an epoch has: as many as possible with every share kept and no row twice.

    Args:
        parts: Sources with a finite number of rows.
        replay_share: Of a source that makes as many rows as it is asked for.
    """
    rows = min(int(len(part.table) / part.share) for part in parts)
    return max(rows, len(parts) + (replay_share > 0))


def drop_families(part: Part, families: frozenset[str]) -> tuple[Part, int]:
    """Takes out the rows about words of some families.

    Args:
        part: A source.
        families: Of the replay words: what the model is asked to remember must not be taught anew beside it.

    Returns:
        What is left, and how many rows went.

    Raises:
        InputError: Nothing is left.
    """
    gone = pc.is_in(part.table["family"], value_set=pa.array(sorted(families), pa.string()))
    table = part.table.filter(pc.invert(gone))
    if not len(table):
        raise InputError(f"all rows of '{part.name}' are about replay words", hint="generate more rows")
    return Part(part.name, part.share, table), len(part.table) - len(table)


def sample(table: pa.Table, n: int, seed: int, name: str) -> pa.Table:
    """Draws rows without repetition, keyed by seed and name; all of them, in their order, if there are no more.

    Args:
        table: Rows.
        n: How many.
        seed: Of the run.
        name: Of the source, so that two sources do not share a draw.
    """
    if n >= len(table):
        return table
    rng = np.random.Generator(np.random.PCG64(derive("sample", seed, name)))
    return table.take(np.sort(rng.permutation(len(table))[:n]))


def mixed(
    parts: Sequence[Part], n: int, seed: int, replay: tuple[float, Callable[[int], pa.Table]] | None = None
) -> dict[str, pa.Table]:
    """Draws an epoch.

    Args:
        parts: The sources.
        n: Rows in all.
        seed: Of the run.
        replay: Share of the replay source and what makes so many rows of it; None: no replay.

    Returns:
        Name and rows of every source, at least one row each.
    """
    shares = [part.share for part in parts] + ([replay[0]] if replay else [])
    counts = [max(1, count) for count in apportion(n, shares)]
    drawn = {part.name: sample(part.table, count, seed, part.name) for part, count in zip(parts, counts, strict=False)}
    if replay:
        drawn["replay"] = replay[1](counts[-1])
    return drawn
