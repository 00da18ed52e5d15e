"""Runs with checkpoints, made without a model: what a trainer would have written, in small."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints.record import Environment
from sdp.runs.folder import Run

ENVIRONMENT = Environment(
    device="cpu", hardware="a CPU", dtype="float32", world_size=1, n_threads=2, batch="4 × 2",
    versions={"torch": "2.13.0"},
)  # fmt: skip
CONFIG: dict[str, Any] = {
    "recipe": {"model": "tiny", "data": [{"source": "data/spelling", "share": 1.0}], "training": {"max_steps": 100}},
    "data": [{"task": "spelling", "path": "data/spelling", "fingerprint": "0123456789abcdef"}],
}


def about(run: str = "x", loss: float | None = None, **facts: Any) -> dict[str, Any]:
    """What a checkpoint says beside step and files."""
    metrics = {} if loss is None else {"eval_loss": loss}
    return {
        "run": run, "created": "2026-11-20T12:00:00+00:00", "epoch": 0.5, "metric": "eval_loss",
        "greater_is_better": False, "metrics": metrics, "recipe": "r", "data": "d", "environment": ENVIRONMENT, **facts,
    }  # fmt: skip


def weights(step: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(step)
    return {"a.weight": rng.normal(size=(3, 4)).astype(np.float32), "same": np.ones(2, np.float32)}


def write(folder: Path, step: int) -> Path:
    """Writes what the trainer writes."""
    target = folders.written_to(folder, step)
    target.mkdir(parents=True)
    save_file(weights(step), target / "adapter_model.safetensors")
    (target / "optimizer.pt").write_bytes(bytes([step % 256]) * 100)
    (target / "training_args.bin").write_bytes(b"a pickle")
    return target


def publish(folder: Path, step: int, loss: float | None = None, **facts: Any) -> Path:
    """Makes a checkpoint."""
    write(folder, step)
    return folders.publish(folder, about(folder.parent.name, loss, **facts), step)


def make_run(root: Path, losses: dict[int, float | None], status: str = "interrupted", name: str = "x") -> Run:
    """Makes a run with checkpoints at some steps, each with an evaluation loss or none, and, if complete, a result."""
    run = Run.create(root, "finetune", name, CONFIG)
    for step, loss in losses.items():
        publish(run.path / folders.FOLDER, step, loss)
    folders.clear(run.path / folders.FOLDER)
    if status == "complete":
        (run.path / "adapter").mkdir()
        save_file(weights(max(losses)), run.path / "adapter" / "adapter_model.safetensors")
        (run.path / "adapter" / "sdp.json").write_text(json.dumps({"step": max(losses), "prompt_format": "plain"}))
    run.mark(status)
    return run


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but locks."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
