"""What a manifest says of each split: added up from the tallies of its shards, without reading a row again."""

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import ItemGenerator
from sdp.data.graphemes import grapheme_lists
from sdp.data.manifest import SplitFacts
from sdp.data.place import Place
from sdp.synthesis.shard import Done, read_tally
from sdp.synthesis.source import Source
from sdp.synthesis.tally import merged

TOP = 10
"""Commonest answers that the manifest names."""
TOGETHER = 8
"""Tallies in memory at one time."""


def split_facts(source: Source, place: Place, done: list[Done]) -> dict[str, SplitFacts]:
    """Adds up each split.

    Args:
        source: What the data set was made of.
        place: Where its shards lie.
        done: All of them.
    """
    return {
        split: _facts(source, split, _tally(place, [one.name for one in done if one.split == split]))
        for split in dict.fromkeys(one.split for one in done)
    }


def _tally(place: Place, shards: list[str]) -> pa.Table:
    """Adds up tallies, a few at a time: there may be thousands, each as large as the lexicon."""
    tables: list[pa.Table] = []
    for shard in shards:
        tables.append(read_tally(place, shard))
        if len(tables) == TOGETHER:
            tables = [merged(tables)]
            pa.default_memory_pool().release_unused()
    return merged(tables)


def _facts(source: Source, split: str, tally: pa.Table) -> SplitFacts:
    answers = _counts(tally, "answer").sort_by([("n", "descending"), ("value", "ascending")])
    keys, strata = _counts(tally, "key"), dict(zip(*_lists(_counts(tally, "stratum")), strict=True))
    rows = int(pc.sum(answers["n"]).as_py() or 0)
    top = dict(zip(*_lists(answers.slice(0, TOP)), strict=True))
    finite = isinstance(source.generator, ItemGenerator)
    names = source.generator.strata if isinstance(source.generator, ItemGenerator) else ()
    return SplitFacts(
        rows=rows,
        keys=keys.num_rows,
        families=_counts(tally, "family").num_rows,
        capacity=source.plan.splits[split].capacity if finite else None,
        floor_answer=next(iter(top)),
        floor=next(iter(top.values())) / rows,
        n_answers=answers.num_rows,
        uniform_floor=1 / answers.num_rows,
        strata={name: strata[name] for name in names if name in strata},
        lengths=_lengths(keys),
        top_answers=top,
    )


def _counts(tally: pa.Table, what: str) -> pa.Table:
    return tally.filter(pc.equal(tally["what"], what)).select(["value", "n"])


def _lists(counts: pa.Table) -> tuple[list[str], list[int]]:
    return counts["value"].to_pylist(), counts["n"].to_pylist()


def _lengths(keys: pa.Table) -> dict[str, int]:
    """Rows per number of letters of the key, the shortest first."""
    lengths = pc.list_value_length(grapheme_lists(keys["value"].to_pylist()))
    summed = pa.table({"length": lengths, "n": keys["n"].combine_chunks()}).group_by("length").aggregate([("n", "sum")])
    summed = summed.sort_by("length")
    return {str(length): n for length, n in zip(summed["length"].to_pylist(), summed["n_sum"].to_pylist(), strict=True)}
