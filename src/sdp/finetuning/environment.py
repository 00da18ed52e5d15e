"""What computes here: the facts that decide whether a resumed run gives the same bits."""

import platform
from collections.abc import Callable
from pathlib import Path

import torch
import torch.distributed as dist

from sdp.finetuning.arguments import pick_precision
from sdp.finetuning.job import Job
from sdp.runs.checkpoints.exactness import differences
from sdp.runs.checkpoints.record import Environment, read
from sdp.runs.folder import Run, versions


def environment_of(job: Job) -> Environment:
    """Looks at the machine, the model and the processes."""
    settings = job.recipe.training
    precision = pick_precision(job.recipe, job.device)
    dtype = str(job.model.dtype).removeprefix("torch.")
    return Environment(
        device=job.device,
        hardware=_hardware(job.device),
        dtype=dtype if precision == "no" else f"{dtype}, passes in {precision}",
        world_size=dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1,
        n_threads=torch.get_num_threads(),
        batch=f"{settings.per_device_train_batch_size} × {settings.gradient_accumulation_steps}",
        versions=versions(),
    )


def say_whether_exact(checkpoint: Path, job: Job, run: Run, note: Callable[[str], None]) -> None:
    """Says, and writes to the events, what keeps a resumed run from giving the bits of an undisturbed one.

    Args:
        checkpoint: It goes on from.
        job: What is trained.
        run: Gets the event.
        note: Told, if there is something.
    """
    record = read(checkpoint)
    differs = differences(record.environment, environment_of(job))
    if differs and run.writes:
        note(f"goes on from step {record.step}, but not bit by bit as it would have: {', '.join(differs)}")
    run.event("resumed", step=record.step, exact=not differs, differs=differs)


def _hardware(device: str) -> str:
    if device == "cuda":
        return str(torch.cuda.get_device_name())
    return f"{_processor()}, {torch.backends.cpu.get_cpu_capability()}" if device == "cpu" else _processor()


def _processor() -> str:
    """Names the processor. Libraries choose their kernels by it, so another one adds numbers in another order."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
