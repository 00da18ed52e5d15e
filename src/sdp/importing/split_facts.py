"""What a manifest says of each split, counted from the finished shards by hashes: 8 bytes per row and column."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdp.data.graphemes import grapheme_lists
from sdp.data.manifest import Shard, SplitFacts
from sdp.seeds import derive
from sdp.validators.code_points import text_bytes

TOP = 10
TOGETHER = 2048
"""Rows whose texts are hashed together: that takes 40 bytes of memory for each of theirs."""
SHOWN = 200
"""Characters of an answer that the manifest shows."""
Hashes = npt.NDArray[np.uint64]


def split_facts(folder: Path, shards: list[Shard]) -> tuple[dict[str, SplitFacts], dict[str, int]]:
    """Counts each split.

    Args:
        folder: Where the shards lie.
        shards: All of them.

    Returns:
        The facts of every split, and for every split but train how many of its families are in train, too.
    """
    facts: dict[str, SplitFacts] = {}
    shared: dict[str, int] = {}
    train = np.empty(0, dtype=np.uint64)
    for split in dict.fromkeys(shard.split for shard in shards):  # train comes first
        files = [folder / shard.file for shard in shards if shard.split == split]
        families = np.unique(_hashes(files, "family", None)[0])
        facts[split] = _facts(files, len(families))
        if split == "train":
            train = families
        else:
            shared[split] = len(np.intersect1d(train, families, assume_unique=True))
    return facts, shared


def _facts(files: list[Path], n_families: int) -> SplitFacts:
    keys, lengths = _hashes(files, "key", Counter())
    answers, _ = _hashes(files, "answer", None)
    hashes, counts = np.unique(answers, return_counts=True)
    order = np.lexsort((hashes, -counts))[:TOP]  # equally common ones by their hash: any order will do, but one
    texts = _texts(files, answers, set(hashes[order].tolist()))
    top = {texts[int(hashes[place])]: int(counts[place]) for place in order}
    return SplitFacts(
        rows=len(answers),
        keys=len(np.unique(keys)),
        families=n_families,
        capacity=None,
        floor_answer=next(iter(top)),
        floor=next(iter(top.values())) / len(answers),
        n_answers=len(hashes),
        uniform_floor=1 / len(hashes),
        lengths={str(length): lengths[length] for length in sorted(lengths)} if lengths else {},
        top_answers=top,
    )


def _columns(files: list[Path], name: str) -> Iterator[pa.StringArray]:
    for file in files:
        with pq.ParquetFile(file, pre_buffer=False) as parquet:
            for group in range(parquet.num_row_groups):  # all at once would take memory for the whole shard
                for batch in parquet.iter_batches(TOGETHER, row_groups=[group], columns=[name]):
                    yield batch.column(0).cast(pa.string())


def _hashes(files: list[Path], name: str, lengths: Counter[int] | None) -> tuple[Hashes, Counter[int] | None]:
    parts = []
    for texts in _columns(files, name):
        parts.append(text_hashes(texts))
        if lengths is not None:
            letters = pc.list_value_length(grapheme_lists(texts.to_pylist()))
            lengths.update({row["values"]: row["counts"] for row in pc.value_counts(letters).to_pylist()})
    return np.concatenate(parts), lengths


def _texts(files: list[Path], hashes: Hashes, wanted: set[int]) -> dict[int, str]:
    """Finds the texts that some hashes belong to."""
    found: dict[int, str] = {}
    first = 0
    for texts in _columns(files, "answer"):
        mine = hashes[first : first + len(texts)]
        missing = np.array(sorted(wanted - found.keys()), dtype=np.uint64)
        for place in np.flatnonzero(np.isin(mine, missing)):
            text = texts[int(place)].as_py()
            found.setdefault(int(mine[place]), text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
        first += len(texts)
        if len(found) == len(wanted):
            break
    return found


def text_hashes(texts: pa.StringArray) -> Hashes:
    """Hashes texts for counting, (n,): the sum of every byte times a random number of its place (Carter–Wegman)."""
    data = text_bytes(texts)
    lengths = np.asarray(pc.binary_length(texts), dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    places = np.arange(len(data)) - np.repeat(starts, lengths)
    products = (data.astype(np.uint64) + np.uint64(1)) * _weights(1 << int(lengths.max(initial=1)).bit_length())[places]
    sums = np.concatenate(([np.uint64(0)], np.cumsum(products, dtype=np.uint64)))
    hashes: Hashes = sums[starts + lengths] - sums[starts]
    return hashes


@cache
def _weights(n: int) -> Hashes:
    """Gives odd random numbers, the same in every process."""
    return np.random.default_rng(derive("text hashes")).integers(0, 2**64, n, np.uint64) | np.uint64(1)
