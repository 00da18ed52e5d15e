"""From outputs to scores: row by row, then summed up per task. Needs no model."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from sdp.benchmarks.columns import floats, texts
from sdp.benchmarks.extraction import LAST_LINE, Rule, take_all
from sdp.benchmarks.metrics.edit_similarity import EditSimilarity
from sdp.benchmarks.metrics.exact_match import ExactMatch
from sdp.benchmarks.metrics.format_failure import FormatFailure
from sdp.benchmarks.metrics.rouge_l import RougeL
from sdp.benchmarks.result import ASKED, LIKELIHOODS, ROWS_SCHEMA, TaskResult
from sdp.benchmarks.scores import likelihood_scores, plugin_score, unit_score
from sdp.contract.metric import Metric
from sdp.stats import majority_floor


def score_rows(
    label: str,
    asked: pa.Table,
    pattern: str,
    outputs: Sequence[str],
    *,
    rule: Rule = LAST_LINE,
    likelihoods: pa.Table | None = None,
) -> pa.Table:
    """Puts every row's question, answer and scores side by side.

    Args:
        label: What the model is called.
        asked: The questions of one task, in the schema `ASKED`.
        pattern: What a well-formed answer looks like.
        outputs: What the model wrote, in the order of the questions.
        rule: Takes the answer out of an output.
        likelihoods: In the schema `LIKELIHOODS`, in the order of the questions; None without a model.

    Returns:
        A table in ROWS_SCHEMA, in the order of the questions.
    """
    references = texts(asked, "answer")
    answers = take_all(rule, outputs, references)
    right = [rule.right(reference) for reference in references]
    columns: dict[str, Any] = {
        "label": pa.array([label] * asked.num_rows, pa.string()),
        **{name: asked[name] for name in ASKED.names},
        "output": outputs,
        "prediction": [said or "" for said in answers],
        "exact": ExactMatch(rule).judge(answers, right).astype(bool),
        "format_failure": FormatFailure(pattern, rule).judge(answers, right).astype(bool),
        "edit_similarity": EditSimilarity(rule).judge(answers, right),
        "rouge_l": RougeL(rule).judge(answers, right),
    }
    if likelihoods is None:
        likelihoods = pa.table([pa.nulls(asked.num_rows, field.type) for field in LIKELIHOODS], schema=LIKELIHOODS)
    columns |= {name: likelihoods[name] for name in LIKELIHOODS.names}
    return pa.table({name: columns[name] for name in ROWS_SCHEMA.names}, schema=ROWS_SCHEMA)


def score_task(
    task: str, pattern: str, rows: pa.Table, extra: Sequence[Metric] = (), *, rule: Rule = LAST_LINE
) -> TaskResult:
    """Scores one model on one task.

    Args:
        task: The task.
        pattern: What a well-formed answer looks like.
        rows: From `score_rows`.
        extra: Further metrics. They get whole outputs where the rule is `sdp bench`'s own, else what the rule took.
        rule: The one that the rows were made with.

    Returns:
        Every score with its interval, beside the floor.

    Raises:
        PluginError: An extra metric fails.
    """
    keys, answers = texts(rows, "key"), texts(rows, "answer")
    columns: list[tuple[Metric, str]] = [
        (ExactMatch(rule), "exact"),
        (RougeL(rule), "rouge_l"),
        (EditSimilarity(rule), "edit_similarity"),
        (FormatFailure(pattern, rule), "format_failure"),
    ]
    scores = [unit_score(metric, floats(rows, column), keys) for metric, column in columns]
    if rows["nll"].null_count == 0:
        scores += likelihood_scores(rows, keys)
    if extra:
        whole = rule is LAST_LINE
        said, how = texts(rows, "output" if whole else "prediction"), "" if whole else f"; {rule.name}"
        scores += [plugin_score(metric, said, answers, keys, how) for metric in extra]
    floor = majority_floor(answers)
    return TaskResult(
        task=task,
        n_rows=rows.num_rows,
        n_keys=len(set(keys)),
        floor=floor.share,
        floor_answer=floor.answer,
        scores={score.name: score for score in scores},
    )
