"""`sdp finetune`: a model trained on generated data, or a broken-off run brought to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sdp.data.place import Place
from sdp.finetuning.backends.choose import check_backend
from sdp.finetuning.callbacks.checkpointing import keep_of
from sdp.finetuning.distributed.check import check_scaling
from sdp.finetuning.sources import newest_data
from sdp.models.load import Device, pick_device
from sdp.progress import SILENT, Progress
from sdp.recipes.overrides import validated, with_overrides
from sdp.recipes.schema import AnswerStyle, Backend, Method, Recipe, defaults_for
from sdp.recipes.sources import mix, parse_source
from sdp.runs.checkpoints.folder import FOLDER
from sdp.runs.checkpoints.verified import newest_whole
from sdp.runs.folder import Run
from sdp.workflows.finetune_resume import recipe_to_resume, run_to_resume
from sdp.workflows.tracking_settings import check_followed
from sdp.workflows.train_run import FinetuneResult, train_run
from sdp.workflows.training_job import prepare
from sdp.workflows.training_rows import DATA


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
    method: Method = "lora"
    backend: Backend = "lean"
    seed: int = 0
    out: Path | None = None
    """Where run folders go; ``runs`` if not given."""
    name: str | None = None
    """Of the run; the sources' names if not given."""
    steps: int | None = None
    overrides: Sequence[str] = ()
    """``KEY=VALUE`` of the recipe."""
    resume: str | None = None
    """A run folder or its name; ``""``: the newest run that is not complete. All else then comes from the run."""
    device: str = "auto"


def finetune(request: FinetuneRequest, progress: Progress = SILENT) -> FinetuneResult:
    """Trains an adapter, or a whole model.

    Args:
        request: What to train, or which run to resume.
        progress: Shows steps.

    Raises:
        InputError: Data, model, run or option that cannot be used.
        ConfigError: An override that cannot be used.
        MissingExtra: A tracker's package is not installed.
        ResourceError: Model, device, memory or disk that is not there.
    """
    device = pick_device(request.device)
    if request.resume is not None:
        return _resume(request, device, progress)
    recipe = recipe_of(request)
    check_followed(recipe.tracking.to)
    _check_checkpoints(recipe)
    _check_trainers(recipe, device)
    prepared = prepare(recipe, device, progress=progress)
    config = {"recipe": recipe.model_dump(), "device": device, "data": prepared.data}
    run = Run.create(request.out or Path("runs"), "finetune", request.name or "-".join(prepared.sources), config)
    if recipe.distributed.kind != "none":
        del prepared  # each process opens what it needs, and the devices are theirs
        return train_run(run, progress)
    return train_run(run, progress, prepared=prepared)


def _resume(request: FinetuneRequest, device: Device, progress: Progress) -> FinetuneResult:
    run = run_to_resume(request.resume or "", request.out or Path("runs"), progress)
    recipe = recipe_to_resume(run, _assignments(request))
    check_followed(recipe.tracking.to)
    _check_checkpoints(recipe)
    _check_trainers(recipe, device)
    run.record["config"].update(device=device, recipe=recipe.model_dump())
    prepared = prepare(recipe, device, run, progress)
    first = newest_whole(run.path / FOLDER, progress.note)
    if recipe.distributed.kind != "none":
        del prepared  # as above
        return train_run(run, progress, first)
    return train_run(run, progress, first, prepared)


def _check_checkpoints(recipe: Recipe) -> None:
    keep_of(recipe)
    if recipe.checkpoints.mirror is not None:
        Place.of(recipe.checkpoints.mirror)


def _check_trainers(recipe: Recipe, device: str) -> None:
    check_backend(recipe)
    check_scaling(recipe, device)


def recipe_of(request: FinetuneRequest) -> Recipe:
    """Works out the recipe of a request: the model's defaults, the options, then ``-o``.

    Raises:
        InputError: No data, or shares that cannot be.
        ConfigError: An unknown key or a bad value.
    """
    named = [parse_source(text) for text in request.data] or [(str(newest_data(DATA).path), None)]
    assignments = _assignments(request)
    deciding = [text for text in assignments if text.partition("=")[0].strip() in {"model", "method"}]
    asked = with_overrides(Recipe(model=request.model, method=request.method), deciding)
    tree = defaults_for(asked.model, asked.method).model_dump()
    tree.update(
        data=[source.model_dump() for source in mix(named, request.replay)],
        prompt_format=request.prompt_format,
        system=request.system,
        answer_style=request.style,
        backend=request.backend,
    )
    tree["training"]["seed"] = request.seed
    return with_overrides(validated(tree, where="options"), assignments)


def _assignments(request: FinetuneRequest) -> list[str]:
    steps = [] if request.steps is None else [f"training.max_steps={request.steps}"]
    return [*steps, *request.overrides]
