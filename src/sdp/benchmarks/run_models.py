"""Several models on the same questions: each base is loaded once, adapters take turns on it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sdp.benchmarks.backends.huggingface import BATCH_TOKENS, HuggingFaceBackend
from sdp.benchmarks.evaluate import evaluate, max_new_tokens
from sdp.benchmarks.questions import Questions
from sdp.benchmarks.result import ModelResult
from sdp.benchmarks.target import Target
from sdp.contract.metric import Metric
from sdp.models.adapter import with_adapter
from sdp.models.joiner import Joiner
from sdp.models.load import check_vocabulary, end_ids_of, load_model, load_tokenizer
from sdp.models.resolve import resolve_model
from sdp.progress import SILENT, Progress


@dataclass(frozen=True)
class Options:
    """How models are run.

    Attributes:
        device: As in `sdp.models.load.pick_device`.
        batch_tokens: Tokens of a batch.
        seed: Of the tests' draws, where they need any.
        extra: Metrics beside our own.
    """

    device: str = "auto"
    batch_tokens: int = BATCH_TOKENS
    seed: int = 0
    extra: Sequence[Metric] = ()


@dataclass(frozen=True)
class Answered:
    """What one model did.

    Attributes:
        result: Its scores.
        rows: One row per question, in ROWS_SCHEMA.
        settings: What fixed its answers.
    """

    result: ModelResult
    rows: pa.Table
    settings: dict[str, Any]


def run_models(
    targets: Sequence[Target], tasks: Sequence[Questions], options: Options, progress: Progress = SILENT
) -> list[Answered]:
    """Asks every model everything.

    Args:
        targets: Who; labels differ.
        tasks: What.
        options: How.
        progress: Where to show bars.

    Returns:
        One entry per target, in order.

    Raises:
        InputError: An adapter of another base, or a question or answer that the model cannot read.
        ResourceError: A model, device or memory that is not there.
        PluginError: An extra metric fails.
    """
    by_base: dict[str, list[Target]] = {}
    for target in targets:
        by_base.setdefault(resolve_model(target.model).location, []).append(target)
    answered: dict[str, Answered] = {}
    for group in by_base.values():
        resolved = resolve_model(group[0].model)
        tokenizer = load_tokenizer(resolved)
        model = load_model(resolved, device=options.device)
        check_vocabulary(model, tokenizer)
        for target in group:
            with _adapted(model, target):
                answered[target.label] = _ask(target, model, tokenizer, tasks, options, progress)
    return [answered[target.label] for target in targets]


def _ask(
    target: Target,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    tasks: Sequence[Questions],
    options: Options,
    progress: Progress,
) -> Answered:
    joiner = Joiner(tokenizer, target.prompt_format, target.system, end_ids_of(model))
    for questions in tasks:
        joiner.check(questions.texts("completion"))
    backend = HuggingFaceBackend(model, joiner, batch_tokens=options.batch_tokens, progress=progress)
    limits = {one.task: max_new_tokens(one, joiner, backend.room(one.texts("prompt"))) for one in tasks}
    result, rows = evaluate(target, backend, tasks, limits, options.extra)
    asked = {"prompt_format": joiner.format_name, "system": joiner.system, "answer_style": target.answer_style}
    return Answered(result, rows, {**backend.settings(), **asked, "max_new_tokens": limits})


@contextmanager
def _adapted(model: PreTrainedModel, target: Target) -> Iterator[None]:
    """Puts the target's adapter into the model's layers, and takes it out again: the base is then as it was."""
    base = resolve_model(target.model).folder
    with with_adapter(model, target.adapter, base) if target.adapter else nullcontext():
        yield
