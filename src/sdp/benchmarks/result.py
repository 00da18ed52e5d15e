"""What a bench finds: scores per model and task, comparisons of pairs of models, and the columns of the rows table.

`dataclasses.asdict` of any of these is plain JSON. Shares and accuracies are 0..1; an interval that is not defined is
`None`, never a number. New fields are added at the end with a default, so a reader of an older result keeps working.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

Verdict = Literal["better", "worse", "no significant difference"]


@dataclass(frozen=True)
class Score:
    """One metric on one task.

    Attributes:
        name: The metric, such as `exact_match`.
        value: Its value over all rows.
        low: Lower end of the 95 % interval, clustered by key; `None` where it is not defined.
        high: Upper end.
        signature: How the number was made, so that two numbers of one name can be told apart.
        higher_is_better: Which way is good.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    signature: str
    higher_is_better: bool = True


@dataclass(frozen=True)
class TaskResult:
    """Everything measured for one model on one task.

    Attributes:
        task: The task.
        n_rows: Questions answered.
        n_keys: Distinct words asked about: the clusters of every interval.
        floor: Share of rows that the best constant answer gets right.
        floor_answer: That answer.
        scores: By metric name; `exact_match` is the primary one.
    """

    task: str
    n_rows: int
    n_keys: int
    floor: float
    floor_answer: str
    scores: dict[str, Score]


@dataclass(frozen=True)
class ModelResult:
    """One model on every task.

    Attributes:
        label: What the model is called in tables, unique within a bench.
        model: The base model's name or folder.
        adapter: The adapter's folder; `None` for the base itself.
        tasks: By task name.
        n_rows: Questions answered.
        n_prompt_tokens: Tokens of all prompts, padding not counted; `None` where the answers were recorded elsewhere.
        n_generated_tokens: Tokens generated, up to and with the stop token; `None` as above.
        seconds: Wall time of answering and scoring, loading not counted.
    """

    label: str
    model: str
    adapter: str | None
    tasks: dict[str, TaskResult]
    n_rows: int
    n_prompt_tokens: int | None
    n_generated_tokens: int | None
    seconds: float


@dataclass(frozen=True)
class TaskComparison:
    """Two checkpoints on the rows of one task that both answered.

    Attributes:
        task: The task.
        label: The model under test.
        against: The model it is compared with.
        n_pairs: Rows that both answered, paired by id.
        n_unpaired: Rows that only one of the two answered: left out of everything below.
        before: Exact match of `against` over the pairs.
        after: Exact match of `label` over the pairs.
        difference: `after` minus `before`.
        low: Lower end of the 95 % interval of the difference, clustered by key; `None` where it is not defined.
        high: Upper end.
        p: Two-sided p-value.
        p_holm: The same after Holm over the tasks compared with one baseline.
        test: The test's name.
        n_fixed: Rows wrong before and right after.
        n_broken: Rows right before and wrong after.
        mde: Smallest true difference this many questions would find 8 times of 10; `None` where it is not defined.
        format_failures_before: Answers of `against` that do not have the form of an answer.
        format_failures_after: The same for `label`.
        wrong_before: Answers of `against` in the right form, with the wrong content.
        wrong_after: The same for `label`.
        verdict: What may be said at 5 % after Holm.
        sentence: The same in words, with the way out when a task fell.
    """

    task: str
    label: str
    against: str
    n_pairs: int
    n_unpaired: int
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    p: float
    p_holm: float
    test: str
    n_fixed: int
    n_broken: int
    mde: float | None
    format_failures_before: int
    format_failures_after: int
    wrong_before: int
    wrong_after: int
    verdict: Verdict
    sentence: str


@dataclass(frozen=True)
class BenchResult:
    """A whole bench.

    Attributes:
        created: When it ended, ISO 8601 in UTC.
        models: One entry per model, in the order asked for.
        comparisons: One entry per task and pair of models.
        settings: Everything that fixes the answers: generation, formats, limits, device, versions.
        data: One entry per task folder: task, folder, manifest hash, rows used and rows there.
        claim: What the comparisons say and what they do not.
        notes: What the reader should know besides, one sentence each.
        verb: The command that found it: ``bench`` or ``score``.
    """

    created: str
    models: list[ModelResult]
    comparisons: list[TaskComparison]
    settings: dict[str, Any]
    data: list[dict[str, Any]]
    claim: str
    notes: list[str] = field(default_factory=list)
    verb: str = "bench"


_FIELDS: "list[pa.Field[Any]]" = [  # quoted: only pyarrow's type stubs know the brackets
    pa.field("label", pa.string(), nullable=False),  # which model
    pa.field("id", pa.uint64(), nullable=False),  # content hash of the question: what rows pair by
    pa.field("task", pa.string(), nullable=False),
    pa.field("split", pa.string(), nullable=False),
    pa.field("key", pa.string(), nullable=False),  # the word: what errors cluster by
    pa.field("family", pa.string(), nullable=False),
    pa.field("template", pa.string(), nullable=False),
    pa.field("held_out_phrasing", pa.bool_()),  # null where the data does not say
    pa.field("prompt", pa.string(), nullable=False),
    pa.field("answer", pa.string(), nullable=False),  # the reference
    pa.field("output", pa.string(), nullable=False),  # everything the model wrote, up to its stop token
    pa.field("prediction", pa.string(), nullable=False),  # what is scored: the output's last line, or what a rule took
    pa.field("exact", pa.bool_(), nullable=False),
    pa.field("format_failure", pa.bool_(), nullable=False),  # not right, and not in the form of an answer
    pa.field("edit_similarity", pa.float64(), nullable=False),  # 0..1
    pa.field("rouge_l", pa.float64(), nullable=False),  # 0..1
    pa.field("nll", pa.float64()),  # nats, summed over the completion's tokens and its end token; null without a model
    pa.field("n_answer_tokens", pa.int64()),  # tokens that `nll` sums over
    pa.field("n_answer_chars", pa.int64()),  # characters (code points) of the completion
    pa.field("length", pa.int64()),  # letters (graphemes) of the key; null where there are no keys
    pa.field("position", pa.int64()),  # 1-based place asked for, from the start, where the task has one
    pa.field("true_count", pa.int64()),  # true count, where the task has one
]

ROWS_SCHEMA = pa.schema(_FIELDS)
"""One row per model and question."""

LIKELIHOODS = pa.schema([ROWS_SCHEMA.field(name) for name in ("nll", "n_answer_tokens", "n_answer_chars")])
"""What only a model can say."""

_ASKED = (
    "id", "task", "split", "key", "family", "template", "held_out_phrasing", "prompt", "answer", "length", "position",
    "true_count",
)  # fmt: skip

ASKED = pa.schema([ROWS_SCHEMA.field(name) for name in _ASKED])
"""What is known of a question before anybody answers it."""
