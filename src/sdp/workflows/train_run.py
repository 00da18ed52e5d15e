"""Training a run folder to its end: opened from its own record, so that any process can do it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sdp.data.atomic import alone
from sdp.finetuning.backends.choose import choose_backend
from sdp.finetuning.callbacks.monitoring import monitored
from sdp.finetuning.distributed.launch import launch
from sdp.finetuning.job import Trained
from sdp.finetuning.keep import ADAPTER, kept_folder
from sdp.finetuning.lora import Parameters, count_parameters
from sdp.progress import SILENT, Progress
from sdp.recipes.schema import Recipe
from sdp.recipes.stored import read_stored
from sdp.runs.checkpoints.folder import step_of
from sdp.runs.checkpoints.mirror import mirrored
from sdp.runs.folder import RECORD, Run
from sdp.runs.logs import logged
from sdp.runs.tracking.trackers import tracked
from sdp.workflows.checkpoint_resume import data_names
from sdp.workflows.tracking_settings import tracking_settings
from sdp.workflows.training_job import Prepared, prepare


@dataclass(frozen=True, slots=True)
class FinetuneResult:
    """What came of it."""

    run: Path
    saved: Path
    """What was learnt: ``adapter/`` or ``model/``."""
    adapter: Path | None
    """None if the whole model learnt."""
    model: str
    sources: dict[str, int]
    """Train rows of an epoch per source."""
    n_dropped: int
    """Rows left out because they are about replay words."""
    n_too_long: int
    """Examples left out because they are too long."""
    n_truncated: int
    """Examples whose question was cut."""
    method: str
    backend: str
    prompt_format: str
    answer_style: str
    device: str
    resumed_from: int | None
    """Step, None if the run was not resumed."""
    parameters: Parameters
    trainable_share: float
    trained: Trained


def train_run(
    run: Run,
    progress: Progress = SILENT,
    resume_from: Path | None = None,
    prepared: Prepared | None = None,
) -> FinetuneResult:
    """Trains in this process, or, where the recipe wants several, starts those and waits.

    Args:
        run: A finetune run; its record holds recipe, device and data.
        progress: Shows steps.
        resume_from: A complete checkpoint; None: from the start.
        prepared: What `prepare` made of the recipe, if that was done already.
    """
    recipe = stored_recipe(run)
    with alone(run.path), run.guarded():
        run.mark("running")
        if recipe.distributed.kind != "none":
            launch(run, recipe.distributed, resume_from=resume_from, progress=progress)
            return result_of(Run.open(run.path))
        return train_here(run, progress, resume_from, prepared)


def train_here(
    run: Run, progress: Progress = SILENT, resume_from: Path | None = None, prepared: Prepared | None = None
) -> FinetuneResult:
    """Trains in this process: alone, or as one of several that do the same. Arguments as of `train_run`."""
    recipe = stored_recipe(run)
    leads = recipe.distributed.machine_rank == 0  # other machines keep what machine 0 keeps, and tell nobody
    mirror = mirrored(run, recipe.checkpoints.mirror if leads else None, data_names(run), progress)
    tracking = recipe.tracking if leads else recipe.tracking.model_copy(update={"to": []})
    with logged(run), tracked(run, tracking_settings(tracking), progress.note), mirror:
        made = prepared or prepare(recipe, run.record["config"]["device"], run, progress)
        first = step_of(resume_from.name) if resume_from else None
        with monitored(run, recipe, progress.note, first=first or 0, posts=leads):
            trained = choose_backend(recipe.backend)(made.job, run, resume_from=resume_from, progress=progress)
        result = _result(run, made, trained, resume_from)
        run.finish({**made.job.facts, **_plain(result)})
    return result


def stored_recipe(run: Run) -> Recipe:
    """Reads the recipe of a run."""
    return read_stored(run.record["config"]["recipe"], where=str(run.path / RECORD))


def result_of(run: Run) -> FinetuneResult:
    """Reads the result of a complete run."""
    stored = {name: run.record["result"][name] for name in FinetuneResult.__slots__}
    stored.update(
        run=run.path,
        saved=run.path / stored["saved"],
        adapter=run.path / stored["adapter"] if stored["adapter"] else None,
        parameters=Parameters(**stored["parameters"]),
        trained=Trained(**stored["trained"]),
    )
    return FinetuneResult(**stored)


def _result(run: Run, made: Prepared, trained: Trained, first: Path | None) -> FinetuneResult:
    job = made.job
    parameters = count_parameters(job.model)
    folder = kept_folder(job.recipe)
    return FinetuneResult(
        run=run.path,
        saved=run.path / folder,
        adapter=run.path / folder if folder == ADAPTER else None,
        model=job.recipe.model,
        sources=made.sources,
        n_dropped=made.n_dropped,
        n_too_long=made.n_too_long,
        n_truncated=made.n_truncated,
        method=job.recipe.method,
        backend=job.recipe.backend,
        prompt_format=job.facts["prompt_format"],
        answer_style=job.facts["answer_style"],
        device=job.device,
        resumed_from=int(first.name.removeprefix("step-")) if first else None,
        parameters=parameters,
        trainable_share=parameters.share,
        trained=trained,
    )


def _plain(result: FinetuneResult) -> dict[str, Any]:
    adapter = result.adapter.name if result.adapter else None
    return {**asdict(result), "run": result.run.name, "saved": result.saved.name, "adapter": adapter}
