"""Events and progress: one line per logged loss and evaluation, with what it cost."""

import time
from collections.abc import Callable
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from sdp.finetuning.arguments import examples_per_step, order_of
from sdp.finetuning.job import Job
from sdp.finetuning.measure import examples_at
from sdp.progress import Bar
from sdp.runs.folder import Run
from sdp.runs.machine import Machine

LOGGED = ("loss", "learning_rate", "grad_norm")
Seen = Callable[[int], tuple[int, int]]
"""Examples and tokens, prompts included and padding not, after so many optimiser steps."""


class Bookkeeping(TrainerCallback):
    """Writes events and moves the bar. It comes last: what the others do in `on_save` is no training either.

    Args:
        run: Where to write.
        bar: Runs to the number of steps.
        seen: Of this training.
        device: ``cuda`` is asked for its use and memory.
    """

    def __init__(self, run: Run, bar: Bar, seen: Seen, device: str = "cpu") -> None:
        self._run = run
        self._bar = bar
        self._seen = seen
        self._machine = Machine(run.path, gpu_uuid() if device == "cuda" else None)
        self._last_step = 0
        """That was logged."""
        self._began = self._mark = time.perf_counter()
        """Since the last log, moved on by what was no training; and when this callback was last called."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Starts the clock."""
        del args, control, kwargs
        self._last_step = state.global_step
        self._began = self._mark = time.perf_counter()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Moves the bar."""
        del args, state, control, kwargs
        self._bar.advance(1)
        self._mark = time.perf_counter()

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Leaves the evaluation out of the speed."""
        del args, state, control, kwargs
        self._leave_out()

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Leaves the checkpoint out of the speed."""
        del args, state, control, kwargs
        self._leave_out()

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        """Writes losses to events.jsonl and shows the last one."""
        del args, control, kwargs
        logs = logs or {}
        if "eval_loss" in logs:
            values = {name.removeprefix("eval_"): value for name, value in logs.items() if name.startswith("eval_")}
            self._run.event("eval", step=state.global_step, epoch=state.epoch, **values)
            self._bar.note(f"eval loss {logs['eval_loss']:.3f}")
        elif "loss" in logs:
            values = {name: logs[name] for name in LOGGED if name in logs}
            cost = self._speed(state.global_step) | self._measured()
            self._run.event("train", step=state.global_step, epoch=state.epoch, **values, **cost)
            self._bar.note(f"loss {logs['loss']:.3f}")
            self._mark = time.perf_counter()

    def _speed(self, step: int) -> dict[str, float]:
        seconds = time.perf_counter() - self._began
        before, after = self._seen(self._last_step), self._seen(step)
        self._began, self._last_step = time.perf_counter(), step
        if seconds <= 0 or after == before:
            return {}
        n_examples, n_tokens = (b - a for a, b in zip(before, after, strict=True))
        return {"tokens_per_s": round(n_tokens / seconds, 2), "examples_per_s": round(n_examples / seconds, 2)}

    def _measured(self) -> dict[str, float | int]:
        found = self._machine.measure()
        if "gpu_memory_left" in found:
            # what torch keeps for later is free for the taking
            stats = torch.cuda.memory_stats()  # empty where this process has nothing there, as beside Unsloth's
            kept = stats.get("reserved_bytes.all.current", 0) - stats.get("allocated_bytes.all.peak", 0)
            total = torch.cuda.get_device_properties(torch.cuda.current_device()).total_memory
            found["gpu_memory_left"] = round(found["gpu_memory_left"] + max(kept, 0) / total, 4)
        return found

    def _leave_out(self) -> None:
        now = time.perf_counter()
        self._began += now - self._mark
        self._mark = now


def seen_by(job: Job) -> Seen:
    """Counts what a job has seen: exactly in our order of examples, by the mean length in that of TRL and Unsloth."""
    if job.recipe.backend == "lean":
        return order_of(job).seen
    n, mean, per_step = len(job.train), float(job.train.lengths.mean()), examples_per_step(job.recipe)

    def seen(step: int) -> tuple[int, int]:
        n_examples = examples_at(step, n, per_step)
        return n_examples, round(n_examples * mean)

    return seen


def gpu_uuid() -> str | None:
    """Names the current CUDA device as NVIDIA's management library does; None: it has no such name (AMD's)."""
    uuid = getattr(torch.cuda.get_device_properties(torch.cuda.current_device()), "uuid", None)
    return f"GPU-{uuid}" if uuid is not None else None
