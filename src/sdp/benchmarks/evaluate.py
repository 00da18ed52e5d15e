"""The loop: questions in, answers out, scores with intervals."""

from collections.abc import Mapping, Sequence
from time import perf_counter

import pyarrow as pa

from sdp.benchmarks.backends.huggingface import Generated, HuggingFaceBackend
from sdp.benchmarks.questions import Questions
from sdp.benchmarks.result import LIKELIHOODS, ModelResult, TaskResult
from sdp.benchmarks.scoring import score_rows, score_task
from sdp.benchmarks.target import Target
from sdp.contract.metric import Metric
from sdp.models.joiner import Joiner

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
        chances = _likelihoods(backend, questions, f"{bar} · likelihoods")
        answers = backend.generate(questions.texts("prompt"), limits[questions.task], label=f"{bar} · answers")
        outputs = [answer.text for answer in answers]
        rows = score_rows(target.label, questions.asked(), questions.pattern, outputs, likelihoods=chances)
        results[questions.task] = score_task(questions.task, questions.pattern, rows, extra)
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


def _likelihoods(backend: HuggingFaceBackend, questions: Questions, label: str) -> pa.Table:
    completions = questions.texts("completion")
    found = backend.likelihoods(questions.texts("prompt"), completions, label=label)
    columns = [[one.nll for one in found], [one.n_tokens for one in found], list(map(len, completions))]
    return pa.table(columns, schema=LIKELIHOODS)
