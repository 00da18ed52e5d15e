"""From a recipe to what a backend trains: model, tokenizer and examples, opened and checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from transformers import PreTrainedModel, PreTrainedTokenizerBase, set_seed

from sdp.data.dataset import TaskFolder
from sdp.finetuning.callbacks.monitoring import check_webhook
from sdp.finetuning.callbacks.stopping import check_stopping
from sdp.finetuning.device_needs import check_device
from sdp.finetuning.examples import Examples, encode
from sdp.finetuning.head import keeps_logits, longest_input
from sdp.finetuning.job import Job
from sdp.finetuning.methods.learning import make_learning, weights_dtype
from sdp.finetuning.methods.quantized import keep_differentiable, quantization_of
from sdp.finetuning.schedule import check_schedule
from sdp.finetuning.sources import joined, trains_traces
from sdp.finetuning.too_long import Fitted, fit, pick_limit
from sdp.models.adapter import BASE_WEIGHTS
from sdp.models.identity import weights_identity
from sdp.models.joiner import Joiner
from sdp.models.load import Device, check_vocabulary, end_ids_of, load_model, load_tokenizer
from sdp.models.resolve import ResolvedModel, resolve_model
from sdp.progress import SILENT, Progress
from sdp.recipes.schema import Recipe
from sdp.runs.folder import Run
from sdp.seeds import derive
from sdp.workflows.training_rows import Rows, draw, identity, open_sources


@dataclass(frozen=True, slots=True)
class Prepared:
    """A job, and where it came from."""

    job: Job
    sources: dict[str, int]
    """Train rows of an epoch per source."""
    n_dropped: int
    """Rows left out because they are about replay words."""
    n_too_long: int
    """Examples left out because they are too long."""
    n_truncated: int
    """Examples whose question was cut."""
    data: list[dict[str, str]]
    """Identities of the data sets."""


def prepare(recipe: Recipe, device: Device, run: Run | None = None, progress: Progress = SILENT) -> Prepared:
    """Opens everything a recipe names.

    Args:
        recipe: What to train.
        device: A kind of device that is there.
        run: The run that goes on, or None; its data must be what it began with.
        progress: Gets notes.

    Raises:
        InputError: Data or model that cannot be used.
        ConfigError: Settings that cannot be used.
        ResourceError: Model or memory that is not there.
    """
    check_stopping(recipe.stopping, backend=recipe.backend, evaluates=recipe.eval_rows > 0)
    check_webhook(recipe)
    check_device(recipe, device)
    check_schedule(recipe.training)
    folders = open_sources(recipe, run)
    resolved = resolve_model(recipe.model)
    rows = draw(recipe, folders, resolved)
    for name, table in rows.train.items():
        progress.note(f"{name}: {len(table):,} examples")
    set_seed(derive("adapter", recipe.training.seed) % 2**32)
    tokenizer = load_tokenizer(resolved)
    model = load_model(
        resolved, device=device, dtype=weights_dtype(recipe), quantization=quantization_of(recipe, device)
    )
    keep_differentiable(model)
    check_vocabulary(model, tokenizer)
    joiner = _joiner(recipe, resolved, tokenizer, model)
    fitted, validation = _examples(recipe, rows, joiner, pick_limit(recipe.training.max_length, longest_input(model)))
    for text in _notes(recipe, fitted, validation):
        progress.note(text)
    facts = {
        "model": recipe.model,
        "method": recipe.method,
        "prompt_format": joiner.format_name,
        "system": joiner.system,
        "answer_style": _style(recipe, resolved, folders),
        BASE_WEIGHTS: weights_identity(resolved.folder),
    }
    return Prepared(
        job=_job(recipe, resolved, joiner, model, fitted.examples, validation, facts),
        sources={name: len(table) for name, table in rows.train.items()},
        n_dropped=rows.n_dropped,
        n_too_long=fitted.n_dropped,
        n_truncated=fitted.n_truncated,
        data=[identity(folder) for folder in folders],
    )


def _joiner(
    recipe: Recipe, resolved: ResolvedModel, tokenizer: PreTrainedTokenizerBase, model: PreTrainedModel
) -> Joiner:
    wanted = resolved.prompt_format if recipe.prompt_format == "auto" else recipe.prompt_format
    return Joiner(tokenizer, wanted, recipe.system, end_ids_of(model))


def _examples(recipe: Recipe, rows: Rows, joiner: Joiner, limit: int | None) -> tuple[Fitted, Examples | None]:
    start = joiner.tokenizer.bos_token_id
    made = []
    for tables in (list(rows.train.values()), rows.validation):
        if not tables:
            continue
        given = joined(tables)
        encoded = encode(given.prompts, given.texts, joiner, row_ids=given.ids)
        made.append(fit(encoded, limit, recipe.training.too_long, given.prompts, start))
    return made[0], made[1].examples if rows.validation else None


def _notes(recipe: Recipe, fitted: Fitted, validation: Examples | None) -> Iterator[str]:
    if fitted.n_dropped:
        yield f"{fitted.n_dropped:,} examples are too long and left out"
    if fitted.n_truncated:
        yield f"{fitted.n_truncated:,} examples are too long and lost the beginning of their question"
    if recipe.eval_rows and validation is None:
        yield "the data has no validation rows: the weights of the last step are kept, and nothing stops training early"


def _style(recipe: Recipe, resolved: ResolvedModel, folders: list[TaskFolder]) -> str:
    traces = resolved.answer_style == "trace" or any(map(trains_traces, folders))
    return recipe.answer_style if recipe.answer_style != "auto" else ("trace" if traces else "direct")


def _job(
    recipe: Recipe,
    resolved: ResolvedModel,
    joiner: Joiner,
    model: PreTrainedModel,
    train: Examples,
    validation: Examples | None,
    facts: dict[str, Any],
) -> Job:
    pad = joiner.tokenizer.pad_token_id
    return Job(
        keeps_logits=keeps_logits(model),
        model=make_learning(model, recipe),
        train=train,
        validation=validation,
        recipe=recipe,
        pad_id=pad if isinstance(pad, int) else joiner.end_ids[-1],
        device=str(model.device.type),
        facts=facts,
        base=None if resolved.is_local else resolved.name,
        location=resolved.location,
        tokenizer=joiner.tokenizer,
    )
