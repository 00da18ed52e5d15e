"""`sdp demo`: the whole loop, small and offline, with two arms side by side."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sdp.errors import InputError
from sdp.progress import SILENT, Progress
from sdp.synthesis.settings import Style
from sdp.workflows.bench import Benched, BenchRequest, bench
from sdp.workflows.finetune import FinetuneRequest, finetune
from sdp.workflows.generate import GenerateRequest, GenerateResult, generate
from sdp.workflows.train_run import FinetuneResult

STYLE: Style = "trace"
"""The tiny model spells before it answers: that is how knowledge of letters can reach the other tasks."""

REPLAY = 0.1


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything."""

    n_train_task: int
    n_target_task: int
    steps: int
    """Per arm: about a minute on two cores."""
    questions: int
    """Per task."""


FULL = Scale(n_train_task=50_000, n_target_task=10_000, steps=350, questions=1_000)
TOY = Scale(n_train_task=2_000, n_target_task=500, steps=8, questions=24)


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """Where, and how much."""

    out: Path = Path("demo")
    toy: bool = False
    """Ten seconds instead of minutes: shows that it runs, not what it finds."""
    steps: int | None = None
    """Per arm, instead of the scale's own."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What was made and found."""

    data: list[GenerateResult]
    arms: list[FinetuneResult]
    bench: Benched
    report: Path


def demo(request: DemoRequest, progress: Progress = SILENT) -> DemoResult:
    """Generates data, trains the tiny model on spelling alone and with a little replay, and benches both.

    Args:
        request: Where, and how much.
        progress: Shows every step.

    Returns:
        What was made and found.

    Raises:
        InputError: The folder holds something else.
        ResourceError: The disk is full or not writable.
    """
    if request.out.exists() and not request.out.is_dir():
        raise InputError(f"'{request.out}' is no folder", where="--out")
    scale = TOY if request.toy else FULL
    data = [_data(task, request, scale, progress) for task in ("spelling", "position", "count")]
    arms = [_arm(name, replay, data[0], request, scale, progress) for name, replay in _ARMS.items()]
    progress.note("bench: the tiny model as it ships, and both arms, on words that none of them was trained on")
    benched = bench(
        BenchRequest(
            models=[str(arm.run) for arm in arms],
            compare=["baseline"],
            data=[str(one.folder) for one in data],
            limit=scale.questions,
            seed=request.seed,
            runs_root=request.out / "runs",
        ),
        progress,
    )
    report = request.out / "report.html"
    shutil.copyfile(benched.report, report)
    return DemoResult(data, arms, benched, report)


_ARMS: dict[str, float | None] = {"spelling": None, "spelling-replay": REPLAY}


def _data(task: str, request: DemoRequest, scale: Scale, progress: Progress) -> GenerateResult:
    n = scale.n_train_task if task == "spelling" else scale.n_target_task
    folder = request.out / ("data-toy" if request.toy else "data") / task
    made = generate(GenerateRequest(task, n, out=folder, seed=request.seed, style=STYLE), progress)
    progress.note(f"data: {n:,} {task} rows in {folder}")
    return made


def _arm(
    name: str, replay: float | None, data: GenerateResult, request: DemoRequest, scale: Scale, progress: Progress
) -> FinetuneResult:
    progress.note(f"fine-tune: {name}" + (f", {replay:.0%} replay of position and count" if replay else ""))
    return finetune(
        FinetuneRequest(
            data=[str(data.folder)],
            replay=replay,
            seed=request.seed,
            out=request.out / "runs",
            name=name,
            steps=request.steps if request.steps is not None else scale.steps,
        ),
        progress,
    )
