"""Near duplicates: no test prompt that is a train prompt in other clothes, no held-out phrasing that was trained."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import regex

from sdp.contract.generator import Generator
from sdp.contract.validator import DataFacts, Validator
from sdp.seeds import derive
from sdp.templates.phrasing import SURFACES
from sdp.validators.dictionaries import PerDictionary, decompose, plain
from sdp.validators.shingles import AlikeIndex, fold, shingles

if TYPE_CHECKING:
    from collections.abc import Mapping

ALIKE = 0.8
"""Jaccard similarity of the character shingles of two prompts about one key."""
ALIKE_PHRASINGS = 0.9
"""The same of two phrasings, whose fields are masked: stricter, for all of them ask the same thing."""
MOST = 50_000
"""Rows kept; beyond that, those of fewer keys."""
COMPARED = 10_000
"""Rows of a split that are compared one by one: there are such rows only in data that is wrong."""
FIELD = regex.compile(r"\{\{\s*(\w+).*?\}\}", regex.DOTALL)


class NearDuplicates(Validator):
    """Complains when validation or test prompts are nearly train's, or held-out phrasings nearly trained ones.

    Prompts of one task are near-duplicates by nature: they share their phrasing. So prompts are compared when they are
    about one key, which no two splits should share in any case or form. Keys are drawn by their hash, the same ones in
    every split, so that a pair is looked at whole or not at all.
    """

    name = "near_duplicates"
    scope = "set"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._phrasings: list[Mapping[str, Any]] = []
        self._rows = _KEPT.empty_table()
        self._waiting: list[pa.Table] = []
        self._below = np.uint64(2**64 - 1)
        self._notes: list[str] = []

    def begin(self, facts: DataFacts) -> str | None:
        """Learns the phrasings."""
        self._phrasings = list(facts.manifest.get("phrasings", ()))
        return None

    def reasons(self, table: pa.Table) -> pa.Array:
        """Keeps the rows of the keys that are drawn."""
        codes, keys = decompose(table["key"])
        hashes = _folded(keys)[codes]
        drawn = pa.array(np.flatnonzero(hashes <= self._below))
        rows = {"key": hashes, "split": plain(table["split"]), "prompt": plain(table["prompt"])}
        self._waiting.append(pa.table(rows, _KEPT).take(drawn))
        if sum(len(part) for part in self._waiting) >= MOST:
            self._merge()
        return pa.nulls(table.num_rows, pa.string())

    def _merge(self) -> None:
        self._rows = pa.concat_tables([self._rows, *self._waiting])
        self._waiting = []
        if len(self._rows) > MOST:
            self._rows = self._rows.take(pc.sort_indices(self._rows["key"])).slice(0, MOST).combine_chunks()
            self._below = np.uint64(self._rows["key"][-1].as_py())

    def finish(self) -> list[str]:
        """Compares phrasings, and the prompts about keys that train and another split have in common."""
        self._merge()
        self._notes = []
        return [*self._of_phrasings(), *self._of_prompts()]

    def notes(self) -> list[str]:
        """Gives what was compared, and phrasings that are nearly the same on one side of the split."""
        return self._notes

    def _of_phrasings(self) -> list[str]:
        problems = []
        index = AlikeIndex(ALIKE_PHRASINGS)
        for phrasing in self._phrasings:
            # "the first letter" and "the last letter" are near in wording, and no duplicates.
            asked = " ".join(sorted(set(FIELD.findall(phrasing["text"])) - set(SURFACES)))
            wording = shingles(FIELD.sub("\0", phrasing["text"]))
            for number, share in index.like(wording, asked):
                other = self._phrasings[number]
                places = f"{other['where']} and {phrasing['where']}"
                if phrasing["held_out"] != other["held_out"]:
                    problems.append(f"a held-out phrasing is nearly one that is trained ({share:.0%} alike): {places}")
                else:
                    self._notes.append(f"two phrasings are nearly the same ({share:.0%} alike): {places}")
            index.add(wording, asked)
        self._notes.append(f"{len(self._phrasings)} phrasings compared")
        return problems

    def _of_prompts(self) -> list[str]:
        in_train = pc.equal(self._rows["split"], "train")
        train, others = self._rows.filter(in_train), self._rows.filter(pc.invert(in_train))
        n_keys = len(pc.unique(self._rows["key"]))
        self._notes.append(f"{len(self._rows):,} prompts about {n_keys:,} keys looked at")
        suspects = others.filter(pc.is_in(others["key"], pc.unique(train["key"]))).slice(0, COMPARED)
        if not len(suspects):
            return []
        held = train.filter(pc.is_in(train["key"], pc.unique(suspects["key"]))).slice(0, COMPARED).to_pylist()
        index = AlikeIndex(ALIKE)
        for row in held:
            index.add(shingles(row["prompt"]), str(row["key"]))
        found: dict[str, list[tuple[str, str]]] = {}
        for row in suspects.to_pylist():
            first = next(index.like(shingles(row["prompt"]), str(row["key"])), None)
            if first is not None:
                found.setdefault(row["split"], []).append((row["prompt"], held[first[0]]["prompt"]))
        return [
            f"{split}: {len(pairs):,} of {pc.sum(pc.equal(others['split'], split)).as_py():,} prompts looked at are "
            f"nearly train prompts, such as {pairs[0][0]!r} and {pairs[0][1]!r}"
            for split, pairs in found.items()
        ]


_KEPT = pa.schema([("key", pa.uint64()), ("split", pa.string()), ("prompt", pa.string())])


@lru_cache(maxsize=1 << 16)
def _hash(key: str) -> int:
    return derive("near", fold(key))


_folded = PerDictionary(
    lambda keys: np.array(
        [*map(_hash, keys.fill_null("").to_pylist()), _hash("")], dtype=np.uint64
    )  # the last: null, −1
)
