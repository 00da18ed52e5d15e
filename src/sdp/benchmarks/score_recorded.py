"""Scores of recorded predictions: the rows and results of a bench, without a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sdp.benchmarks.extraction import LAST_LINE, Rule
from sdp.benchmarks.pairing import Pairing, pair
from sdp.benchmarks.predictions.recorded import Recorded
from sdp.benchmarks.references import References
from sdp.benchmarks.result import ModelResult, TaskResult
from sdp.benchmarks.scoring import score_rows, score_task
from sdp.contract.metric import Metric

ANY = r"(?s).+"
"""The form of an answer where nothing is known of the task."""


@dataclass(frozen=True)
class Judged:
    """What one model's predictions are worth.

    Attributes:
        result: Its scores.
        rows: One row per question answered, in ROWS_SCHEMA.
        settings: How predictions were read and paired.
        notes: What the reader should know.
    """

    result: ModelResult
    rows: pa.Table
    settings: dict[str, Any]
    notes: list[str]


def score_recorded(
    recorded: Recorded,
    references: References,
    patterns: Mapping[str, str],
    *,
    rule: Rule = LAST_LINE,
    extra: Sequence[Metric] = (),
) -> Judged:
    """Scores one model's predictions.

    Args:
        recorded: The predictions.
        references: The questions with what is right.
        patterns: What a well-formed answer of a task looks like.
        rule: Takes the answer out of a prediction.
        extra: Further metrics, such as a plugin's.

    Raises:
        InputError: Predictions and questions do not pair, or the rule's pattern takes too long on one of them.
        PluginError: An extra metric fails.
    """
    started = perf_counter()
    pairs = pair(references, recorded)
    places = pa.array(pairs.places)
    asked = references.asked.take(pa.array(pairs.rows))
    outputs = pa.array(recorded.outputs, pa.large_string()).take(places)
    likelihoods = None if recorded.likelihoods is None else recorded.likelihoods.take(places)
    results: dict[str, TaskResult] = {}
    tables: list[pa.Table] = []
    for task in pc.unique(asked["task"]).to_pylist():
        mine = pc.equal(asked["task"], pa.scalar(task)).combine_chunks()
        pattern = patterns.get(task, ANY)
        rows = score_rows(
            recorded.label, asked.filter(mine), pattern, outputs.filter(mine).to_pylist(), rule=rule,
            likelihoods=None if likelihoods is None else likelihoods.filter(mine),
        )  # fmt: skip
        results[task] = score_task(task, pattern, rows, extra, rule=rule)
        tables.append(rows)
    result = ModelResult(
        label=recorded.label,
        model=str(recorded.path),
        adapter=None,
        tasks=results,
        n_rows=asked.num_rows,
        n_prompt_tokens=None,
        n_generated_tokens=None,
        seconds=perf_counter() - started,
    )
    return Judged(result, pa.concat_tables(tables), _settings(recorded, pairs), _notes(recorded, pairs))


def _settings(recorded: Recorded, pairs: Pairing) -> dict[str, Any]:
    return {
        "file": str(recorded.path),
        "kind": recorded.kind,
        "fields": recorded.fields,
        "paired_by": pairs.by,
        "n_predictions": len(recorded.outputs),
        "n_paired": int(pairs.rows.size),
        "n_unanswered": pairs.n_unanswered,
        "n_unknown": pairs.n_unknown,
        "n_empty": recorded.n_empty,
        "n_null": recorded.n_null,
    }


def _notes(recorded: Recorded, pairs: Pairing) -> list[str]:
    label, n_empty = recorded.label, recorded.n_empty
    read = ", ".join(f"{what} from '{name}'" for what, name in recorded.fields.items())
    notes = [f"{label}: {recorded.kind}, {read}; paired by {pairs.by}"]
    notes += [f"{label}: {note}" for note in recorded.notes]
    if pairs.n_unanswered:
        n_asked = pairs.n_unanswered + pairs.rows.size
        notes.append(f"{label}: questions without a prediction, left out: {pairs.n_unanswered:,} of {n_asked:,}")
    if pairs.n_unknown:
        notes.append(f"{label}: predictions whose id no question has, left out: {pairs.n_unknown:,}")
    if n_empty:
        null = f" (null: {recorded.n_null:,})" if recorded.n_null else ""
        notes.append(f"{label}: empty predictions, counted as wrong and as format failures: {n_empty:,}{null}")
    return notes + pairs.notes
