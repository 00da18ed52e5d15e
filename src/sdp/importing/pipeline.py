"""One pass over all sources: every step in its order, each row counted in and out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import regex

from sdp.contract.augmenter import Augmenter
from sdp.contract.rows import SPLITS
from sdp.data.manifest import Shard
from sdp.data.place import Place
from sdp.data.splits import split_codes
from sdp.importing.augment import Augmentation
from sdp.importing.convert import Converter, Drafted, Reject
from sdp.importing.counts import Counts
from sdp.importing.duplicates import Duplicates, NearDuplicates
from sdp.importing.finished import CONTENT, Finisher
from sdp.importing.plan import Plan
from sdp.importing.quality import reasons
from sdp.importing.settings import ImportSettings
from sdp.importing.shards_out import PLACE, Judge, RejectsFile, SplitWriter, named

READ_BACK = 8192
"""Train rows that are augmented together."""
Mask = npt.NDArray[np.bool_]


@dataclass
class Outcome:
    """What was written."""

    shards: list[Shard]
    counts: Counts
    has_reasoning: bool = False
    leaks: dict[str, int] = field(default_factory=dict)
    """Pair of splits → families that are in both."""


class Pipeline:
    """Takes rows from sources to shards.

    Args:
        plan: How.
        settings: What the user asked for.
        folder: An empty one, on this disk.
        judge: What every finished row has to pass; None accepts all.
        augmenters: Those that were chosen.
    """

    def __init__(
        self, plan: Plan, settings: ImportSettings, folder: Path, judge: Judge | None,
        augmenters: Mapping[str, Augmenter],
    ) -> None:  # fmt: skip
        self._plan, self._settings, self._folder = plan, settings, folder
        self._augmenters = augmenters
        self.counts = Counts(("convert", *(step for step in settings.steps if step not in ("convert", "augment"))))
        self._rejects = RejectsFile(Place(str(folder)))
        self._finisher = Finisher(settings.task, settings.language, dict(plan.task.meta), words=plan.words)
        self._duplicates, self._near = Duplicates(), NearDuplicates(settings.near) if settings.near else None
        self._judged_at_all = judge is not None
        accept: Judge = lambda table: pa.nulls(table.num_rows, pa.string())  # noqa: E731  (a default in one line)
        place = Place(str(folder))
        self._writers = {
            split: SplitWriter(place, split, plan.schema, judge or accept, settings.rows_per_shard) for split in SPLITS
        }
        self._pattern = _matcher(plan.task.answer_pattern) if plan.task.is_known else None
        self._families: dict[str, list[npt.NDArray[np.uint64]]] = {split: [] for split in SPLITS}
        self._has_reasoning = False

    def run(self, advance: Callable[[int], object]) -> Outcome:
        """Reads everything and writes what is left of it.

        Args:
            advance: Is told how many records were read.
        """
        for converter in self._plan.in_order:
            for drafted in converter.chunks():
                self._take(converter, drafted)
                advance(drafted.n_records)
        self._end_rows()
        if self._augmenters:
            self._augment()
            self._end_rows()
        self._rejects.close()
        return Outcome(named(self._folder, self._writers), self.counts, self._has_reasoning)

    def _take(self, converter: Converter, drafted: Drafted) -> None:
        count = self.counts["convert"]
        count.n_in += drafted.n_records
        count.n_out += drafted.table.num_rows
        count.reject(reject.reason for reject in drafted.rejects)
        self._rejects.add(drafted.rejects)
        if not drafted.table.num_rows:
            return
        does = self._settings.does
        self._has_reasoning |= drafted.table["reasoning"].null_count < drafted.table.num_rows
        rows, n_changed = self._finisher.rows(drafted.table, normalise=does("normalise"))
        where = pa.scalar(f"{converter.source.name}:")
        rows = rows.append_column(PLACE, pc.binary_join_element_wise(where, rows["line"].cast(pa.string()), ""))
        if does("normalise"):
            self.counts["normalise"].n_changed += n_changed
            rows = self._step("normalise", rows, _emptied(rows))
        if does("filter") and rows.num_rows:
            settings = self._settings
            judged = reasons(rows, settings.filters, settings.min_chars, settings.max_chars, self._pattern)
            rows = self._step("filter", rows, judged)
        if does("deduplicate") and rows.num_rows:
            rows = self._step("deduplicate", rows, self._repeated(rows))
        self._split(rows)

    def _step(self, step: str, rows: pa.Table, judged: pa.Array) -> pa.Table:
        """Rejects rows with a reason, and counts."""
        count = self.counts[step]
        count.n_in += rows.num_rows
        if judged.null_count < len(judged):
            bad = pc.is_valid(judged)
            refused = rows.filter(bad)
            why = judged.filter(bad).to_pylist()
            count.reject(why)
            columns = [refused[name].to_pylist() for name in (PLACE, "prompt", "answer")]
            self._rejects.add([Reject(place, step, one, prompt, answer)
                               for one, place, prompt, answer in zip(why, *columns, strict=True)])  # fmt: skip
            rows = rows.filter(pc.invert(bad))
        count.n_out += rows.num_rows
        return rows

    def _repeated(self, rows: pa.Table) -> pa.Array:
        fresh = self._duplicates.new(np.asarray(rows[CONTENT]))
        masks = [(~fresh, "the same row occurs before")]
        if self._near is not None and fresh.any():
            places = np.flatnonzero(fresh)
            kept = rows.take(pa.array(places))
            texts = [f"{prompt}\n{completion}" for prompt, completion in
                     zip(kept["prompt"].to_pylist(), kept["completion"].to_pylist(), strict=True)]  # fmt: skip
            alike = np.zeros(rows.num_rows, dtype=bool)
            alike[places] = ~self._near.new(texts, kept["answer"].to_pylist())
            masks.append((alike, f"nearly the same row occurs before ({self._settings.near:.0%} alike)"))
        return pc.case_when(pc.make_struct(*(pa.array(mask) for mask, _ in masks)), *(why for _, why in masks))

    def _split(self, rows: pa.Table) -> None:
        """Hands every row to its split."""
        if not rows.num_rows:
            return
        hashed = split_codes(rows["family"].to_pylist())
        if self._plan.keeps_splits:
            own = pc.index_in(rows["split"].combine_chunks(), pa.array(SPLITS))
            codes = np.asarray(pc.fill_null(own, 0 if not self._settings.does("split") else -1))
            codes = np.where(codes < 0, hashed, codes)
        elif self._settings.splits in SPLITS:
            codes = np.full(rows.num_rows, SPLITS.index(self._settings.splits))
        else:
            codes = hashed
        if self._settings.does("split"):
            count = self.counts["split"]
            count.n_in += rows.num_rows
            count.n_out += rows.num_rows
        for code in np.unique(codes):
            writer = self._writers[SPLITS[int(code)]]
            writer.add(rows.filter(pa.array(codes == code)))
            self._judged(writer)

    def _judged(self, writer: SplitWriter) -> None:
        """Counts what the validators saw and refused."""
        if self._judged_at_all and writer.n_judged:
            count = self.counts["validate"]
            count.n_in += writer.n_judged
            count.n_out += writer.n_judged - len(writer.rejected)
            count.reject(reason for _, reason, _, _ in writer.rejected)
            writer.n_judged = 0
            self._rejects.add(
                [Reject(place, "validate", reason, prompt, answer) for place, reason, prompt, answer in writer.rejected]
            )
            writer.rejected.clear()

    def _end_rows(self) -> None:
        for writer in self._writers.values():
            writer.end()
            self._judged(writer)

    def _augment(self) -> None:
        """Reads the train rows back and adds their copies behind them."""
        settings, writer = self._settings, self._writers["train"]
        count = self.counts["augment"]
        work = Augmentation(
            self._augmenters, settings.seed, settings.augment_share, self._duplicates, count,
            keys_are_questions=self._plan.keys_are_questions,
        )  # fmt: skip
        for part in list(writer.parts):
            with pq.ParquetFile(self._folder / part.file) as parquet:
                for batch in parquet.iter_batches(READ_BACK):
                    for table in work.more(settings.task, batch):
                        writer.add(table)
                        self._judged(writer)
        count.n_out = sum(count.added.values())


def _emptied(rows: pa.Table) -> pa.Array:
    """Finds rows of which normalisation left no question or no answer."""
    masks = pc.make_struct(pc.equal(rows["prompt"], ""), pc.equal(rows["answer"], ""), pc.equal(rows["key"], ""))
    found = pc.case_when(
        masks, *(f"nothing visible in the {part}" for part in ("question", "answer", "key")),
    )  # fmt: skip
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


@cache
def _matcher(pattern: str) -> Callable[[str], object]:
    return regex.compile(pattern).fullmatch
