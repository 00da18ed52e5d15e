"""The loop: questions in, answers out, scores with intervals."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

import pyarrow as pa

from sdp.benchmarks.backends.huggingface import Generated, HuggingFaceBackend, Likelihood
from sdp.benchmarks.columns import floats, texts
from sdp.benchmarks.metrics.edit_similarity import EditSimilarity
from sdp.benchmarks.metrics.exact_match import ExactMatch
from sdp.benchmarks.metrics.format_failure import FormatFailure
from sdp.benchmarks.metrics.rouge_l import RougeL
from sdp.benchmarks.questions import Questions
from sdp.benchmarks.result import ROWS_SCHEMA, ModelResult, TaskResult
from sdp.benchmarks.scored_line import scored_line
from sdp.benchmarks.scores import likelihood_scores, plugin_score, unit_score
from sdp.benchmarks.target import Target
from sdp.contract.metric import Metric
from sdp.models.joiner import Joiner
from sdp.stats import majority_floor

MARGIN_TOKENS = 32
"""Room beyond the longest reference: enough to see that an answer goes on too long, and for letters spelled first where
the references are bare answers."""


def max_new_tokens(questions: Questions, joiner: Joiner, room: int | None = None) -> int:
    """Says where answers are cut: the task's longest reference in tokens, its end included, and a margin.

    One figure per task, so that neither the batch nor a row's own reference decides where its answer is cut.

    Args:
        questions: The task.
        joiner: Counts the tokens.
        room: What the model's context leaves; the margin shrinks to it, the reference never does.
    """
    longest = max(map(len, joiner.encode_answers(questions.texts("completion"))))
    wanted = longest + MARGIN_TOKENS
    return wanted if room is None else max(longest, min(wanted, room))


def evaluate(
    target: Target,
    backend: HuggingFaceBackend,
    tasks: Sequence[Questions],
    limits: Mapping[str, int],
    extra: Sequence[Metric] = (),
) -> tuple[ModelResult, pa.Table]:
    """Asks one model everything and scores its answers.

    Args:
        target: Who is asked.
        backend: That model, loaded, its adapter switched on.
        tasks: What is asked, one entry per task.
        limits: New tokens per task, from `max_new_tokens`.
        extra: Further metrics, such as a plugin's.

    Returns:
        Scores per task, and one row per question.

    Raises:
        InputError: A question does not fit into the model's context.
        PluginError: An extra metric fails.
        ResourceError: Not enough memory for a single question.
    """
    started = perf_counter()
    results: dict[str, TaskResult] = {}
    tables: list[pa.Table] = []
    generated: list[Generated] = []
    for questions in tasks:
        bar = f"{target.label} · {questions.task}"
        prompts = questions.texts("prompt")
        chances = backend.likelihoods(prompts, questions.texts("completion"), label=f"{bar} · likelihoods")
        answers = backend.generate(prompts, limits[questions.task], label=f"{bar} · answers")
        rows = score_rows(target.label, questions, answers, chances)
        results[questions.task] = score_task(questions, rows, extra)
        tables.append(rows)
        generated += answers
    model = ModelResult(
        label=target.label,
        model=target.model,
        adapter=None if target.adapter is None else str(target.adapter),
        tasks=results,
        n_rows=len(generated),
        n_prompt_tokens=sum(answer.n_prompt_tokens for answer in generated),
        n_generated_tokens=sum(answer.n_tokens for answer in generated),
        seconds=perf_counter() - started,
    )
    return model, pa.concat_tables(tables)


def score_rows(
    label: str, questions: Questions, answers: Sequence[Generated], likelihoods: Sequence[Likelihood]
) -> pa.Table:
    """Puts every row's question, answer and scores side by side.

    Returns:
        A table in ROWS_SCHEMA, in the order of the questions.
    """
    table, references = questions.table, questions.texts("answer")
    outputs = [answer.text for answer in answers]
    n_rows = table.num_rows
    columns: dict[str, Any] = {
        "label": pa.array([label] * n_rows, pa.string()),
        "task": pa.array([questions.task] * n_rows, pa.string()),
        **{name: table[name] for name in ("id", "key", "family", "prompt", "answer")},
        **{name: table[name].cast(pa.string()) for name in ("split", "template")},
        "held_out_phrasing": questions.held_out(),
        "output": outputs,
        "prediction": [scored_line(output, answer) for output, answer in zip(outputs, references, strict=True)],
        "exact": ExactMatch().rows(outputs, references).astype(bool),
        "format_failure": FormatFailure(questions.pattern).rows(outputs, references).astype(bool),
        "edit_similarity": EditSimilarity().rows(outputs, references),
        "rouge_l": RougeL().rows(outputs, references),
        "nll": [likelihood.nll for likelihood in likelihoods],
        "n_answer_tokens": [likelihood.n_tokens for likelihood in likelihoods],
        "n_answer_chars": [len(completion) for completion in questions.texts("completion")],
        "length": questions.lengths(),
        "position": questions.positions(),
        "true_count": questions.true_counts(),
    }
    return pa.table({name: columns[name] for name in ROWS_SCHEMA.names}, schema=ROWS_SCHEMA)


def score_task(questions: Questions, rows: pa.Table, extra: Sequence[Metric] = ()) -> TaskResult:
    """Scores one model on one task.

    Args:
        questions: The task.
        rows: From `score_rows`.
        extra: Further metrics.

    Returns:
        Every score with its interval, beside the floor.
    """
    keys, outputs, answers = (texts(rows, name) for name in ("key", "output", "answer"))
    failures = FormatFailure(questions.pattern)
    columns: list[tuple[Metric, str]] = [
        (ExactMatch(), "exact"),
        (RougeL(), "rouge_l"),
        (EditSimilarity(), "edit_similarity"),
        (failures, "format_failure"),
    ]
    scores = [unit_score(metric, floats(rows, column), keys) for metric, column in columns]
    scores += likelihood_scores(rows, keys)
    scores += [plugin_score(metric, outputs, answers, keys) for metric in extra]
    floor = majority_floor(answers)
    return TaskResult(
        task=questions.task,
        n_rows=rows.num_rows,
        n_keys=len(set(keys)),
        floor=floor.share,
        floor_answer=floor.answer,
        scores={score.name: score for score in scores},
    )
