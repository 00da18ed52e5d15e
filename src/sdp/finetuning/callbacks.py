"""What happens beside the training loop: events, progress, checkpoints in place, early stopping."""

import math
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from sdp.finetuning import checkpoints
from sdp.progress import Bar
from sdp.runs.folder import Run


def eval_losses(state: TrainerState) -> dict[int, float]:
    """Gives the evaluation losses so far by step. The trainer's log travels with checkpoints, so nothing else need."""
    return {int(entry["step"]): entry["eval_loss"] for entry in state.log_history if "eval_loss" in entry}


def best_step(state: TrainerState) -> int | None:
    """Gives the step with the lowest evaluation loss (the first of equals), or None."""
    losses = {step: loss for step, loss in eval_losses(state).items() if math.isfinite(loss)}
    return min(losses, key=lambda step: (losses[step], step)) if losses else None


class EarlyStopping(TrainerCallback):
    """Saves whenever the evaluation loss is the best so far, and stops when it has not been for long enough.

    Args:
        patience: Evaluations without a better loss; 0: never stop.
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> TrainerControl:
        """Decides after each evaluation."""
        del args, kwargs
        steps = sorted(eval_losses(state))
        best = best_step(state)
        if best == steps[-1]:
            control.should_save = True
        since = sum(step > (best or 0) for step in steps)
        if self._patience and since >= self._patience:
            control.should_training_stop = True
            control.should_save = True
        return control


class Bookkeeping(TrainerCallback):
    """Writes events, moves the bar, and puts checkpoints in their place.

    Args:
        run: Where to write.
        bar: Runs to the number of steps.
    """

    def __init__(self, run: Run, bar: Bar) -> None:
        self._run = run
        self._bar = bar
        self._folder = run.path / "checkpoints"

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Moves the bar."""
        del args, state, control, kwargs
        self._bar.advance(1)

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
            self._run.event("eval", step=state.global_step, epoch=state.epoch, loss=logs["eval_loss"])
            self._bar.note(f"eval loss {logs['eval_loss']:.3f}")
        elif "loss" in logs:
            names = ("loss", "learning_rate", "grad_norm")
            values = {name: logs[name] for name in names if name in logs}
            self._run.event("train", step=state.global_step, epoch=state.epoch, **values)
            self._bar.note(f"loss {logs['loss']:.3f}")

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Publishes the checkpoint, and keeps it, the one before it and the best."""
        del args, control, kwargs
        path = checkpoints.publish(self._folder, state.global_step)
        self._run.event("checkpoint", step=state.global_step, path=path.relative_to(self._run.path).as_posix())
        newest = list(checkpoints.complete(self._folder))[-2:]
        checkpoints.prune(self._folder, {*newest, best_step(state) or 0})
