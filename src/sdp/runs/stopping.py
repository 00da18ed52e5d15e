"""When a training has seen enough: a function of what was logged, so that a resumed run decides as the first would."""

import importlib
import math
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Protocol, runtime_checkable

from sdp.errors import ConfigError, near

Metrics = Mapping[str, float]
"""What was logged at a step: ``eval_loss`` after an evaluation, ``loss``, ``grad_norm``, ``learning_rate`` between."""

LOWER = ("loss", "ppl", "perplexity", "nll", "norm")
"""What a metric's name ends with if less of it is better."""
KEY = "stopping.criterion"


@runtime_checkable
class Criterion(Protocol):
    """Decides when training ends; ``stopping.criterion`` names a class like this, made without arguments.

    It is told everything that is logged, in order; a resumed run makes a new one and tells it all from the beginning.
    So it should decide by what it is told, not by a clock.
    """

    def should_stop(self, step: int, metrics: Metrics) -> bool | str | None:
        """Says whether to stop, or why."""


class Patience:
    """Stops when a metric has not been better for so many values.

    Args:
        metric: Its name.
        greater_is_better: Which way is better.
        patience: Values in a row; 0: never stop.
        min_delta: By how much a value must be better than the best to count.
    """

    def __init__(self, metric: str, *, greater_is_better: bool, patience: int, min_delta: float = 0.0) -> None:
        self._metric = metric
        self._sign = -1.0 if greater_is_better else 1.0
        self._patience = patience
        self._min_delta = min_delta
        self._best = math.inf
        self._since = 0

    def should_stop(self, step: int, metrics: Metrics) -> bool | str:
        """Decides by the next value of the metric; what has none changes nothing."""
        del step
        if self._metric not in metrics:
            return False
        value = self._sign * metrics[self._metric]
        better = math.isfinite(value) and (math.isinf(self._best) or value < self._best - self._min_delta)
        self._best, self._since = (value, 0) if better else (self._best, self._since + 1)
        if not self._patience or self._since < self._patience:
            return False
        by = f" by {self._min_delta:g}" if self._min_delta else ""
        return f"{self._metric} has not become better{by} in {self._since} values"


def greater_is_better(metric: str, *, setting: bool | None = None) -> bool:
    """Says which way a metric is better.

    Args:
        metric: Its name.
        setting: What the recipe says; None: what the name says.
    """
    return setting if setting is not None else not metric.endswith(LOWER)


def best_of(log: Iterable[Metrics], metric: str, *, greater: bool) -> tuple[int, float] | None:
    """Finds the best value that was logged.

    Args:
        log: Entries with ``step``.
        metric: Its name.
        greater: Whether more is better.

    Returns:
        Step and value, the first of equals; None: there is no finite one.
    """
    found = [(int(entry["step"]), entry[metric]) for entry in log if metric in entry and math.isfinite(entry[metric])]
    return min(found, key=lambda pair: (-pair[1] if greater else pair[1], pair[0]), default=None)


def load_criterion(name: str) -> Criterion:
    """Makes a criterion of one's own.

    Args:
        name: ``module:Class``; the module is installed, or a file in the working folder.

    Raises:
        ConfigError: No such module or class, or not a criterion.
    """
    module_name, colon, class_name = name.partition(":")
    if not (module_name and colon and class_name):
        raise ConfigError(f"'{name}' is not module:Class", where=KEY, hint="such as stopping_rules:GoodEnough")
    here = str(Path.cwd())
    sys.path.append(here)  # last: a file called like a package must not take its place
    try:
        with redirect_stdout(sys.stderr):  # stdout belongs to the result
            module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise ConfigError(f"'{module_name}' cannot be imported: {error}", where=KEY) from error
        hint = f"put {module_name}.py into the working folder, or install the package"
        raise ConfigError(f"there is no module '{module_name}'", where=KEY, hint=hint) from error
    except (Exception, SystemExit) as error:  # what somebody's module raises when it is imported
        raise ConfigError(f"'{module_name}' cannot be imported: {_said(error)}", where=KEY) from error
    finally:
        sys.path.remove(here)
    kind = getattr(module, class_name, None)
    if not isinstance(kind, type):
        classes = [found for found, thing in vars(module).items() if isinstance(thing, type)]
        raise ConfigError(f"'{module_name}' has no class '{class_name}'", where=KEY, hint=near(class_name, classes))
    try:
        with redirect_stdout(sys.stderr):
            made = kind()
    except (Exception, SystemExit) as error:  # the same
        raise ConfigError(f"'{name}' cannot be made: {_said(error)}", where=KEY, hint="no arguments") from error
    if not isinstance(made, Criterion):
        raise ConfigError(
            f"'{name}' has no should_stop", where=KEY, hint="def should_stop(self, step, metrics) -> bool or a reason"
        )
    return made


def ask(criterion: Criterion, step: int, metrics: Metrics) -> str | None:
    """Asks a criterion.

    Returns:
        Why to stop; None: go on.

    Raises:
        ConfigError: It raised something, or said something that is no answer.
    """
    name = type(criterion).__name__
    try:
        with redirect_stdout(sys.stderr):
            said: object = criterion.should_stop(step, metrics)
            said = said.item() if hasattr(said, "item") else said  # NumPy and torch have truths of their own
    except (Exception, SystemExit) as error:  # what somebody's criterion raises
        raise ConfigError(f"{name}.should_stop failed at step {step}: {_said(error)}", where=KEY) from error
    if not isinstance(said, bool | str | None):
        hint = "True, False, or a text that says why"
        raise ConfigError(f"{name}.should_stop gave {type(said).__name__}", where=KEY, hint=hint)
    return (said if isinstance(said, str) else f"{name} says so") if said else None


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
