"""`sdp finetune`: an adapter trained on generated data, or a broken-off run brought to its end."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from transformers import PreTrainedModel, PreTrainedTokenizerBase, set_seed

from sdp.data.atomic import alone
from sdp.data.dataset import TaskFolder
from sdp.data.families import families
from sdp.data.splits import apportion
from sdp.errors import InputError
from sdp.finetuning import checkpoints, mix
from sdp.finetuning.examples import Examples, encode
from sdp.finetuning.head import keeps_logits, longest_input
from sdp.finetuning.lora import Parameters, add_lora, count_parameters
from sdp.finetuning.sources import as_text, joined, newest_data, open_source, read_part, trains_traces
from sdp.finetuning.train import Job, Trained, train
from sdp.models.joiner import Joiner
from sdp.models.load import check_vocabulary, end_ids_of, load_model, load_tokenizer, pick_device
from sdp.models.replay import replay_words
from sdp.models.resolve import ResolvedModel, resolve_model
from sdp.progress import SILENT, Progress
from sdp.recipes.overrides import validated, with_overrides
from sdp.recipes.schema import REPLAY, AnswerStyle, Recipe, defaults_for
from sdp.recipes.sources import mix as mix_sources
from sdp.recipes.sources import parse_source
from sdp.runs.folder import Run, runs
from sdp.seeds import derive
from sdp.synthesis.memory import questions

REPLAYED = ("position", "count")
"""Tasks that the source `replay` asks about."""

DATA = Path("data")


@dataclass(frozen=True, slots=True)
class FinetuneRequest:
    """What to train."""

    model: str = "tiny"
    data: Sequence[str] = ()
    """``NAME_OR_PATH`` or ``NAME_OR_PATH=share``; empty: the newest data set below ``data/``."""
    replay: float | None = None
    """Share of replay; None: none."""
    prompt_format: str = "auto"
    system: str | None = None
    style: AnswerStyle = "auto"
    seed: int = 0
    out: Path | None = None
    """Where run folders go; ``runs`` if not given."""
    name: str | None = None
    """Of the run; the sources' names if not given."""
    steps: int | None = None
    overrides: Sequence[str] = ()
    resume: str | None = None
    """A run folder or its name; ``""``: the newest run that is not complete. All else then comes from the run."""
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class FinetuneResult:
    """What came of it."""

    run: Path
    adapter: Path
    model: str
    sources: dict[str, int]
    """Train rows of an epoch per source."""
    n_dropped: int
    """Rows left out because they are about replay words."""
    prompt_format: str
    answer_style: str
    device: str
    resumed_from: int | None
    """Step, None if the run was not resumed."""
    parameters: Parameters
    trainable_share: float
    trained: Trained


@dataclass(frozen=True, slots=True)
class _Rows:
    """Drawn rows, not tokenised yet."""

    train: dict[str, pa.Table]
    validation: list[pa.Table]
    n_dropped: int


def finetune(request: FinetuneRequest, progress: Progress = SILENT) -> FinetuneResult:
    """Trains an adapter.

    Args:
        request: What to train, or which run to resume.
        progress: Shows steps.

    Raises:
        InputError: Data, model, run or option that cannot be used.
        ConfigError: An override that cannot be used.
        ResourceError: Model, device, memory or disk that is not there.
    """
    device = pick_device(request.device)
    run = _run_to_resume(request) if request.resume is not None else None
    recipe = _stored_recipe(run, request) if run else recipe_of(request)
    folders = _open_sources(recipe, run)
    resolved = resolve_model(recipe.model)
    rows = _draw(recipe, folders, resolved)
    for name, table in rows.train.items():
        progress.note(f"{name}: {len(table):,} examples")
    set_seed(derive("adapter", recipe.training.seed) % 2**32)
    tokenizer = load_tokenizer(resolved)
    model = load_model(resolved, device=device, dtype=recipe.dtype)
    check_vocabulary(model, tokenizer)
    joiner = _joiner(recipe, resolved, tokenizer, model)
    job = _job(recipe, resolved, joiner, model, rows, folders, device)
    if run is None:
        config = {"recipe": recipe.model_dump(), "device": device, "data": [_identity(folder) for folder in folders]}
        run = Run.create(request.out or Path("runs"), "finetune", request.name or "-".join(rows.train), config)
        first = None
    else:
        first = checkpoints.newest(run.path / "checkpoints")
    with alone(run.path), run.guarded():
        run.mark("running")
        trained = train(job, run, resume_from=first, progress=progress)
        result = _result(run, job, rows, trained, first)
        run.finish({**job.facts, **_plain(result)})
    return result


def recipe_of(request: FinetuneRequest) -> Recipe:
    """Works out the recipe of a request: the model's defaults, the options, then ``-o``.

    Raises:
        InputError: No data, or shares that cannot be.
        ConfigError: An unknown key or a bad value.
    """
    named = [parse_source(text) for text in request.data] or [(str(newest_data(DATA).path), None)]
    tree = defaults_for(request.model).model_dump()
    tree.update(
        data=[source.model_dump() for source in mix_sources(named, request.replay)],
        prompt_format=request.prompt_format,
        system=request.system,
        answer_style=request.style,
    )
    tree["training"]["seed"] = request.seed
    if request.steps is not None:
        tree["training"]["max_steps"] = request.steps
    return with_overrides(validated(tree, where="options"), request.overrides)


def _run_to_resume(request: FinetuneRequest) -> Run:
    root = request.out or Path("runs")
    if request.resume:
        path = Path(request.resume)
        run = Run.open(path if path.is_dir() else root / request.resume)
        if run.record["kind"] != "finetune":
            raise InputError(f"'{run.path}' is a {run.record['kind']} run", where="--resume")
    else:
        found = next((run for run in runs(root, "finetune") if run.record["status"] != "complete"), None)
        if found is None:
            raise InputError(
                f"there is no broken-off run in '{root}'", where="--resume", hint="name one, or start anew"
            )
        run = found
    if run.record["status"] == "complete":
        raise InputError(f"run '{run.path.name}' is complete", where=str(run.path), hint="start a new one")
    return run


def _stored_recipe(run: Run, request: FinetuneRequest) -> Recipe:
    """Takes the recipe of a run, and makes sure that nobody wants it changed: the result would be neither's."""
    stored = validated(run.record["config"]["recipe"], where=str(run.path / "run.json"))
    steps = [] if request.steps is None else [f"training.max_steps={request.steps}"]
    if with_overrides(stored, [*steps, *request.overrides]) != stored:
        raise InputError(
            "a resumed run keeps its recipe", where="--resume", hint="leave out --steps and -o, or start anew"
        )
    return stored


def _open_sources(recipe: Recipe, run: Run | None) -> list[TaskFolder]:
    folders = [open_source(source.source, DATA) for source in recipe.data if source.source != REPLAY]
    if run and [_identity(folder) for folder in folders] != run.record["config"]["data"]:
        raise InputError("the data is not what the run began with", where=str(run.path), hint="make it as it was")
    return folders


def _identity(folder: TaskFolder) -> dict[str, str]:
    return {"task": folder.task, "path": folder.path.as_posix(), "fingerprint": folder.manifest.fingerprint}


def _draw(recipe: Recipe, folders: list[TaskFolder], resolved: ResolvedModel) -> _Rows:
    """Draws what the run will see: an epoch, or less if it ends before the first one does."""
    shares = [source for source in recipe.data if source.source != REPLAY]
    pairs = list(zip(folders, shares, strict=True))
    parts = [read_part(folder, source.share, "train", recipe.answer_style) for folder, source in pairs]
    validation = [
        read_part(folder, source.share, "validation", recipe.answer_style)
        for folder, source in pairs
        if recipe.eval_rows and folder.n_rows("validation")
    ]
    replay_source = next((source for source in recipe.data if source.source == REPLAY), None)
    replay: tuple[float, Callable[[int], pa.Table]] | None = None
    n_dropped = 0
    if replay_source:
        words = replay_words(resolved)
        known = frozenset(families(words, "en"))
        dropped = [mix.drop_families(part, known) for part in parts]
        parts, n_dropped = [part for part, _ in dropped], sum(n for _, n in dropped)
        style = recipe.answer_style if recipe.answer_style != "auto" else resolved.answer_style
        replay = (replay_source.share, lambda n: _replay(words, n, style, recipe.training.seed))
    settings = recipe.training
    seen = settings.max_steps * settings.per_device_train_batch_size * settings.gradient_accumulation_steps
    n = min(seen, mix.epoch_rows(parts, replay_source.share if replay_source else 0.0))
    drawn = mix.mixed(parts, n, settings.seed, replay)
    evaluated = mix.mixed(validation, recipe.eval_rows, derive("eval", settings.seed)) if validation else {}
    return _Rows(train=drawn, validation=list(evaluated.values()), n_dropped=n_dropped)


def _replay(words: list[str], n: int, style: str, seed: int) -> pa.Table:
    counts = apportion(n, [1.0] * len(REPLAYED))
    return pa.concat_tables(
        as_text(questions(task, words, count, seed=seed, style="trace" if style == "trace" else "direct"), "auto")
        for task, count in zip(REPLAYED, counts, strict=True)
        if count
    )


def _joiner(
    recipe: Recipe, resolved: ResolvedModel, tokenizer: PreTrainedTokenizerBase, model: PreTrainedModel
) -> Joiner:
    wanted = resolved.prompt_format if recipe.prompt_format == "auto" else recipe.prompt_format
    return Joiner(tokenizer, wanted, recipe.system, end_ids_of(model))


def _job(
    recipe: Recipe,
    resolved: ResolvedModel,
    joiner: Joiner,
    model: PreTrainedModel,
    rows: _Rows,
    folders: list[TaskFolder],
    device: str,
) -> Job:
    limit = longest_input(model)
    traces = resolved.answer_style == "trace" or any(map(trains_traces, folders))
    style = recipe.answer_style if recipe.answer_style != "auto" else ("trace" if traces else "direct")
    train_set = encode(*joined(list(rows.train.values())), joiner, limit)
    validation: Examples | None = encode(*joined(rows.validation), joiner, limit) if rows.validation else None
    pad = joiner.tokenizer.pad_token_id
    return Job(
        keeps_logits=keeps_logits(model),
        model=add_lora(model, recipe.lora),
        train=train_set,
        validation=validation,
        recipe=recipe,
        pad_id=pad if isinstance(pad, int) else joiner.end_ids[-1],
        device=device,
        facts={
            "model": recipe.model,
            "prompt_format": joiner.format_name,
            "system": joiner.system,
            "answer_style": style,
        },
        base=None if resolved.is_local else resolved.name,
    )


def _result(run: Run, job: Job, rows: _Rows, trained: Trained, first: Path | None) -> FinetuneResult:
    parameters = count_parameters(job.model)
    return FinetuneResult(
        run=run.path,
        adapter=run.path / "adapter",
        model=job.recipe.model,
        sources={name: len(table) for name, table in rows.train.items()},
        n_dropped=rows.n_dropped,
        prompt_format=job.facts["prompt_format"],
        answer_style=job.facts["answer_style"],
        device=job.device,
        resumed_from=int(first.name.removeprefix("step-")) if first else None,
        parameters=parameters,
        trainable_share=parameters.share,
        trained=trained,
    )


def _plain(result: FinetuneResult) -> dict[str, Any]:
    return {**asdict(result), "run": result.run.name, "adapter": "adapter"}
