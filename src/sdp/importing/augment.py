"""More training rows out of those that there are: another look, the same question and answer."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from sdp.contract.augmenter import Augmenter
from sdp.importing.counts import StepCount
from sdp.importing.duplicates import Duplicates
from sdp.importing.finished import CONTENT
from sdp.importing.keys import content_hashes, short
from sdp.importing.shards_out import PLACE, TEXTS
from sdp.seeds import derive, stream
from sdp.synthesis.blame import blame

if TYPE_CHECKING:
    from random import Random

Rows = list[dict[str, object]]


class Augmentation:
    """Asks every augmenter about every train row. What a row becomes depends on the row and the seed alone.

    Args:
        augmenters: Those that were chosen, by name.
        seed: Everything random follows from it.
        share: Of the rows, for each augmenter.
        seen: What all rows ask and train: a copy that says the same as another row is left out.
        count: Counts what was added, and what was not.
        keys_are_questions: Whether a key is but the question, which may then be altered all over.
    """

    def __init__(
        self, augmenters: Mapping[str, Augmenter], seed: int, share: float, seen: Duplicates, count: StepCount,
        *, keys_are_questions: bool,
    ) -> None:  # fmt: skip
        self._augmenters, self._seed, self._share = augmenters, seed, share
        self._seen, self._count, self._keys_are_questions = seen, count, keys_are_questions

    def more(self, task: str, batch: pa.RecordBatch) -> Iterator[pa.Table]:
        """Makes the copies of some rows, one table per augmenter.

        Args:
            task: Name of the task.
            batch: Train rows as they were written.
        """
        rows = batch.to_pylist()
        for augmenter in self._augmenters.values():
            made = [copy for row in rows if (copy := self._copy(task, augmenter, row)) is not None]
            self._count.n_in += len(rows)
            self._count.added[augmenter.name] += 0
            if not made:
                continue
            table = _table(made, batch.schema)
            hashes = content_hashes(task, *(table[name].combine_chunks() for name in ("prompt", "completion")))
            fresh = self._seen.new(hashes)
            self._count.reasons[f"{augmenter.name}: another row says the same"] += int((~fresh).sum())
            self._count.added[augmenter.name] += int(fresh.sum())
            yield table.append_column(CONTENT, pa.array(hashes)).filter(pa.array(fresh))

    def _copy(self, task: str, augmenter: Augmenter, row: dict[str, object]) -> dict[str, object] | None:
        rng: Random = stream(self._seed, "augment", f"{augmenter.name}@{augmenter.version}", int(str(row["id"])))
        if rng.random() >= self._share:
            self._count.reasons[f"{augmenter.name}: not drawn (--augment-share)"] += 1
            return None
        before = str(row["prompt"])
        with blame(f"augmenter '{augmenter.name}': row {row['id']:016x}", augmenter):
            prompt = augmenter.augment(before, self._kept(row), rng)
        if not prompt or prompt == before:
            self._count.reasons[f"{augmenter.name}: no other form"] += 1
            return None
        meta = row["meta"] if isinstance(row["meta"], dict) else {}
        number = derive("augmented", task, augmenter.name, augmenter.version, int(str(row["id"])), prompt)
        return row | {"id": number, "prompt": prompt, "meta": meta | {"noise": augmenter.name}}

    def _kept(self, row: dict[str, object]) -> list[str]:
        """Names what must not be touched: the key, unless that is the question itself, and the answer."""
        key, answer, prompt = (str(row[name]) for name in ("key", "answer", "prompt"))
        return [answer] if self._keys_are_questions or key == short(prompt) else [key, answer]


def _table(rows: Rows, schema: pa.Schema) -> pa.Table:
    """Puts copies into the columns that a writer takes."""
    columns = {"id": pa.array([row["id"] for row in rows], pa.uint64())}
    columns |= {name: pa.array([row[name] for row in rows], pa.string()) for name in ("prompt", *TEXTS)}
    for member in schema.field("meta").type:
        kind = pa.string() if pa.types.is_dictionary(member.type) else member.type
        values = [row["meta"][member.name] if isinstance(row["meta"], dict) else None for row in rows]
        columns[f"meta.{member.name}"] = pa.array(values, kind)
    columns[PLACE] = pa.array(["a copy"] * len(rows))
    return pa.table(columns)
