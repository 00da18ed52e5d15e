"""Run folders as trainings leave them, made in no time."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sdp.runs.folder import Run

RECIPE = {
    "model": "tiny", "method": "lora", "training": {"max_steps": 60, "learning_rate": 1e-3},
    "monitor": {"webhook": "https://example.org/hooks/secret"},
}  # fmt: skip


def recorded(root: Path, name: str = "it", *, n: int = 30, status: str = "complete", **training: object) -> Run:
    """A finetune run with `n` logged losses, every tenth with an evaluation, and an alert."""
    recipe = RECIPE | {"training": RECIPE["training"] | training}
    run = Run.create(root, "finetune", name, {"recipe": recipe})
    run.mark("running")
    for step in range(1, n + 1):
        run.event("train", step=step, epoch=step / 30, loss=5.0 / step, tokens_per_s=1000.0, examples_per_s=50.0)
        if step % 10 == 0:
            run.event("eval", step=step, loss=1.0 + abs(step - 20) / 10)
    run.event("alert", alert="disk", step=n, value=1.0, limit=2.0, text="the disk is nearly full")
    if status == "complete":
        run.event("stopping", step=n, best_step=20, reason="eval_loss has not become better in 1 values")
        run.finish({"trained": {"steps": n, "peak_memory_bytes": 2**29}})
    elif status != "running":
        run.mark(status, **({"error": "ResourceError: the disk is full"} if status == "failed" else {}))
    return run


def age(run: Run, seconds: float) -> None:
    """Makes the last sign of life so old."""

    then = (datetime.now(UTC) - timedelta(seconds=seconds)).timestamp()
    os.utime(run.path / "events.jsonl", (then, then))
