"""A trainer that runs in another process, driven from here: it tells of every step and does what it is answered."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import torch
from peft import PeftModel
from transformers import TrainerCallback, TrainerControl, TrainerState

from sdp.data.atomic import disk, write_json
from sdp.errors import MissingExtra, ResourceError
from sdp.finetuning.arguments import longest_of, named_arguments, total_steps, training_arguments
from sdp.finetuning.backends.columns import columns
from sdp.finetuning.job import Job
from sdp.progress import Progress
from sdp.seeds import derive

LOG = "unsloth.log"
_FLAGS = ("should_save", "should_evaluate", "should_log", "should_training_stop")


class RemoteTrainer:
    """Does as much of `transformers.Trainer` as `sdp.finetuning.train` asks for.

    Args:
        job: What is trained.
        folder: The run's ``checkpoints/``.
        command: Starts the worker; gets the path of its settings as the last word.
        progress: Told what the worker is.
    """

    def __init__(self, job: Job, folder: Path, command: list[str], progress: Progress) -> None:
        self._job = job
        self._folder = folder
        self._command = command
        self._progress = progress
        self._callbacks: list[TrainerCallback] = []
        self._args = training_arguments(job, folder)
        self.model = job.model
        self.state = TrainerState(max_steps=total_steps(job))
        self.control = TrainerControl()
        self.startup_s = 0.0
        """Until the worker had loaded the model, seconds."""
        self.peak_memory_bytes = 0
        self.versions: dict[str, str] = {}
        """Of the libraries that trained, as ``unsloth:torch``."""

    @property
    def eval_s(self) -> float:
        """Seconds spent evaluating."""
        return sum(float(entry.get("eval_runtime", 0.0)) for entry in self.state.log_history)

    def add_callback(self, callback: TrainerCallback) -> None:
        """Adds what happens beside the loop."""
        self._callbacks.append(callback)

    def remove_callback(self, callback: type[TrainerCallback]) -> None:
        """Takes out callbacks of a class; the worker has none of its own."""
        self._callbacks = [one for one in self._callbacks if not isinstance(one, callback)]

    def train(self, resume_from_checkpoint: str | None = None) -> None:
        """Runs the worker to its end.

        Args:
            resume_from_checkpoint: A complete checkpoint; None: from the start.

        Raises:
            MissingExtra: Its environment does not hold what it needs.
            ResourceError: It failed.
        """
        _make_room(self._job)
        work = self._folder.parent / ".worker"
        settings = _write_settings(self._job, self._folder, work, resume_from_checkpoint)
        began = time.perf_counter()
        try:
            with _worker([*self._command, str(settings)], self._folder.parent / LOG) as worker:
                for message in _messages(worker):
                    if message["kind"] == "ready":
                        self.startup_s = time.perf_counter() - began
                    _answer(worker, self._heard(message))
                code = worker.wait()
        finally:
            shutil.rmtree(work, ignore_errors=True)
        if code:
            log = self._folder.parent / LOG
            raise ResourceError(f"the worker failed: {_last_line(log)}", where=str(log))

    def _heard(self, message: dict[str, Any]) -> dict[str, Any]:
        kind = message["kind"]
        if kind == "missing":
            raise MissingExtra(f"Unsloth cannot be imported: {message['text']}", where=self._command[0])
        if kind == "ready":
            left_out = f"; it does not know {', '.join(message['left_out'])}" if message["left_out"] else ""
            dtype = message["dtype"].removeprefix("torch.")
            self._progress.note(f"Unsloth {message['unsloth']} on {message['device']}, {dtype}{left_out}")
        if kind == "done":
            self.peak_memory_bytes = int(message["peak_memory_bytes"])
            self.versions = {f"unsloth:{name}": number for name, number in message["versions"].items()}
        if kind == "hook":
            self._call(message)
        return {"flags": {name: getattr(self.control, name) for name in _FLAGS}}

    def _call(self, message: dict[str, Any]) -> None:
        """Lets our callbacks see what happened there, and decide."""
        self.state.global_step, self.state.epoch = message["step"], message["epoch"]
        self.state.max_steps = message["max_steps"]
        self.state.log_history = message.get("history", self.state.log_history)
        for name, value in message["flags"].items():
            setattr(self.control, name, value)
        more = {"logs": message["logs"]} if "logs" in message else {}
        for callback in self._callbacks:
            answer = getattr(callback, message["hook"])(self._args, self.state, self.control, **more)
            self.control = answer or self.control


def _make_room(job: Job) -> None:
    """Frees the device for the worker, which loads the model itself."""
    if job.device != "cpu":
        torch.nn.Module.to(job.model, "cpu")
        torch.cuda.empty_cache()


def _write_settings(job: Job, folder: Path, work: Path, resume_from: str | None) -> Path:
    """Writes what the worker reads: examples as Parquet, everything else as JSON."""
    recipe = job.recipe
    with disk(work):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        for name, examples in (("train", job.train), ("validation", job.validation)):
            if examples is not None:
                pq.write_table(columns(examples), work / f"{name}.parquet")
    arguments = named_arguments(job, folder) | {"label_smoothing_factor": recipe.training.label_smoothing_factor}
    write_json(
        work / "settings.json",
        {
            "model": job.location,
            "method": recipe.method,
            "dtype": None if recipe.dtype == "auto" else recipe.dtype,
            "max_length": longest_of(job),
            "gradient_checkpointing": "unsloth" if recipe.training.gradient_checkpointing is True else False,
            "lora": _lora(job),
            "pad_id": job.pad_id,
            "train": str(work / "train.parquet"),
            "validation": str(work / "validation.parquet") if job.validation is not None else None,
            "cache": str(work / "cache"),
            "resume_from": resume_from,
            "arguments": arguments,
        },
    )
    return work / "settings.json"


def _lora(job: Job) -> dict[str, Any] | None:
    """Gives the adapter's shape in the words of Unsloth's `get_peft_model`, layers as peft has found them here."""
    if not isinstance(job.model, PeftModel):
        return None
    config: Any = job.model.peft_config[job.model.active_adapter]
    layers = {name.split(".lora_A")[0].rpartition(".")[2] for name, _ in job.model.named_modules() if ".lora_A" in name}
    return {
        "r": config.r,
        "lora_alpha": config.lora_alpha,
        "lora_dropout": config.lora_dropout,
        "bias": config.bias,
        "use_rslora": config.use_rslora,
        "target_modules": sorted(layers),
        "random_state": derive("adapter", job.recipe.training.seed) % 2**31,
        "use_gradient_checkpointing": "unsloth" if job.recipe.training.gradient_checkpointing is True else False,
    }


@contextmanager
def _worker(command: list[str], log: Path) -> Iterator["subprocess.Popen[str]"]:
    """Starts the worker, and makes sure that it is gone before we are."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    with disk(log), log.open("ab") as errors:
        worker = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                pipe.close()


def _messages(worker: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    for line in worker.stdout or ():
        yield json.loads(line)


def _answer(worker: "subprocess.Popen[str]", answer: dict[str, Any]) -> None:
    if worker.stdin is None:
        return
    try:
        worker.stdin.write(json.dumps(answer) + "\n")
        worker.stdin.flush()
    except BrokenPipeError:  # it ended; its exit code says how
        return


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line), "it said nothing")
