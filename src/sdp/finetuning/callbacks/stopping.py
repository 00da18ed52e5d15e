"""Early stopping, and which step was the best."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from sdp.errors import ConfigError, near
from sdp.recipes.schema import Stopping
from sdp.runs.folder import Run
from sdp.runs.stopping import Criterion, Patience, ask, best_of, greater_is_better, load_criterion

LOGGED = ("eval_loss", "eval_token_accuracy", "eval_exact_match", "loss", "grad_norm", "learning_rate")
"""What our trainer logs; TRL's logs more."""


def check_stopping(settings: Stopping, *, backend: str, evaluates: bool) -> None:
    """Refuses what could never work, before anything is loaded.

    Args:
        settings: When to stop.
        backend: TRL's trainer logs metrics of its own.
        evaluates: Whether there will be evaluations.

    Raises:
        ConfigError: A metric that is not logged, or a criterion that cannot be made.
    """
    if settings.criterion is not None:
        load_criterion(settings.criterion)
    metric = settings.metric
    if backend != "trl" and metric not in LOGGED:
        raise ConfigError(f"'{metric}' is not logged", where="stopping.metric", hint=near(metric, LOGGED))
    if metric.startswith("eval_") and metric != Stopping().metric and not evaluates:
        raise ConfigError(f"nothing is evaluated, so there is no '{metric}'", where="stopping.metric")


def best_step(state: TrainerState, settings: Stopping | None = None) -> int | None:
    """Gives the step with the best value of the metric (the first of equals), or None.

    Args:
        state: Its log travels with checkpoints, so nothing else need.
        settings: Say which metric; the evaluation loss if not given.
    """
    settings = settings or Stopping()
    greater = greater_is_better(settings.metric, setting=settings.greater_is_better)
    found = best_of(_training_log(state), settings.metric, greater=greater)
    return found[0] if found else None


def metric_at(state: TrainerState, step: int, metric: str = "eval_loss") -> float | None:
    """Gives what was last logged at a step; None: nothing was."""
    found = [entry[metric] for entry in _training_log(state) if entry["step"] == step and metric in entry]
    return float(found[-1]) if found else None


def criterion_of(settings: Stopping) -> Criterion:
    """Makes what decides."""
    if settings.criterion is not None:
        return load_criterion(settings.criterion)
    greater = greater_is_better(settings.metric, setting=settings.greater_is_better)
    return Patience(
        settings.metric, greater_is_better=greater, patience=settings.patience, min_delta=settings.min_delta
    )


def reason_to_stop(state: TrainerState, settings: Stopping) -> str | None:
    """Says why a training with this log has come to its end early; None: it has not."""
    criterion = criterion_of(settings)
    reasons = [ask(criterion, int(entry["step"]), _numbers(entry)) for entry in _training_log(state)]
    last = state.global_step
    at_last = [
        reason for reason, entry in zip(reasons, _training_log(state), strict=True) if reason and entry["step"] == last
    ]
    return at_last[0] if at_last else None


class EarlyStopping(TrainerCallback):
    """Saves whenever the metric is the best so far, and stops when the criterion says so.

    Args:
        settings: When to stop.
        run: Gets the event.
    """

    def __init__(self, settings: Stopping, run: Run) -> None:
        self._settings = settings
        self._run = run
        self._criterion: Criterion = criterion_of(settings)
        self._reason: str | None = None

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Tells the criterion what a resumed run has logged before."""
        del args, control, kwargs
        self._criterion = criterion_of(self._settings)
        for entry in _training_log(state):
            ask(self._criterion, int(entry["step"]), _numbers(entry))

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> TrainerControl:
        """Decides after each log and each evaluation."""
        del args, kwargs
        if not logs or "train_runtime" in logs:  # the summary after the last step
            return control
        best = best_step(state, self._settings) if self._settings.metric in logs else None
        if best == state.global_step:
            control.should_save = True
        reason = _agreed(ask(self._criterion, state.global_step, _numbers(logs)))
        if reason is not None:
            self._reason = reason
            control.should_training_stop = True
            control.should_save = True
        return control

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Says that this is the end, after the event of the value that made it so."""
        del args, control, kwargs
        if self._reason is not None:
            best = best_step(state, self._settings)
            self._run.event("stopping", step=state.global_step, best_step=best, reason=self._reason)
            self._reason = None


def _training_log(state: TrainerState) -> Sequence[dict[str, float]]:
    return [entry for entry in state.log_history if "train_runtime" not in entry]


def _numbers(logs: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in logs.items() if isinstance(value, int | float) and name != "step"}


def _agreed(reason: str | None) -> str | None:
    """Of several processes the first decides: a criterion that looks at a clock would leave the others waiting."""
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return reason
    said = [reason]
    torch.distributed.broadcast_object_list(said, src=0)
    return said[0]
