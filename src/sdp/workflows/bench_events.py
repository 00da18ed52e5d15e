"""What a bench tells the run it belongs to: its scores as events, there for `sdp runs` and for trackers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sdp.benchmarks.result import BenchResult
from sdp.benchmarks.target import ADAPTER, Target
from sdp.runs.checkpoints.folder import step_of
from sdp.runs.folder import Run
from sdp.runs.logs import logged
from sdp.runs.tracking.available import tracker_names
from sdp.runs.tracking.contract import Settings
from sdp.runs.tracking.trackers import tracked
from sdp.workflows.tracking_settings import settings_of_run, with_settings

TRAINED = "trained"
"""What a run calls its own adapter in events: its label differs between runs, and would keep their plots apart."""


@contextmanager
def followed(run: Run | None, settings: Settings, note: Callable[[str], None]) -> Iterator[None]:
    """Logs a bench in the run it belongs to, and tracks it.

    Args:
        run: The run; None: there is none, and nothing is followed.
        settings: Which trackers, if any.
        note: Gets a sentence when a tracker begins or fails.
    """
    if run is None:
        yield
        return
    with logged(run, "bench"), tracked(run, settings, note):
        yield


def bench_settings(run: Run | None, track: Sequence[str], overrides: Sequence[str]) -> Settings:
    """Works out how a bench is tracked: as the run it belongs to, but only where trackers are named.

    Raises:
        ConfigError: An override that is not about tracking, or does not fit.
    """
    settings = settings_of_run(run.record) if run else Settings()
    return replace(with_settings(settings, overrides), to=tracker_names(track))


def tell(run: Run, result: BenchResult, tested: Sequence[Target]) -> None:
    """Writes an event per score and per comparison.

    Args:
        run: The run that the bench belongs to.
        result: What was found.
        tested: Who was asked; one that `run` made is called by what it is there.
    """
    made_here = [target for target in tested if target.run == run.path]
    own = {target.label: _own_name(target) for target in made_here}
    # of all who were asked, so that they stand side by side in a plot
    at = {"step": step} if made_here and (step := _step(made_here[0], run)) is not None else {}
    for model in result.models:
        for task in model.tasks.values():
            for score in task.scores.values():
                run.event(
                    "score",
                    target=own.get(model.label, model.label),
                    task=task.task,
                    metric=score.name,
                    value=score.value,
                    low=score.low,
                    high=score.high,
                    **at,
                )
    for row in result.comparisons:
        run.event(
            "transfer",
            target=own.get(row.label, row.label),
            against=own.get(row.against, row.against),
            task=row.task,
            **{name: getattr(row, name) for name in ("difference", "low", "high", "p_holm", "verdict")},
            **at,
        )


def _own_name(target: Target) -> str:
    return TRAINED if target.adapter is None or target.adapter.name == ADAPTER else target.label


def _step(target: Target, run: Run) -> int | None:
    """Gives the step whose weights were asked."""
    if target.adapter is not None and (step := step_of(target.adapter.name)) is not None:
        return step
    result: dict[str, Any] = run.record.get("result") or {}
    return (result.get("trained") or {}).get("best_step")
