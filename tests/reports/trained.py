"""Two made-up training runs with everything that a page of runs has to show."""

from dataclasses import asdict

from sdp.reports.training_figures import Curves
from sdp.reports.training_html import RunPage
from sdp.runs.history import history
from sdp.runs.summary import summarise

NASTY = "<img src=x onerror=alert(1)>"


def events(*, n: int = 30, sick: bool = False) -> list[dict]:
    made: list[dict] = [{"event": "status", "time": at(0), "status": "running"}]
    for place in range(1, n + 1):
        loss = None if sick and place == n else 5.0 / place + 0.2
        made.append({
            "event": "train", "time": at(place), "step": 10 * place, "epoch": place / 10, "loss": loss,
            "grad_norm": 1.0, "learning_rate": 1e-3, "tokens_per_s": 4_321.0, "examples_per_s": 98.7,
            "memory_bytes": 3 * 2**29, "cpu_share": 0.5, "disk_left_bytes": 2**36,
        })  # fmt: skip
        if place % 5 == 0:
            values = {"loss": 1.0 + abs(place - 20) / 20, "exact_match": place / 40}
            made.append({"event": "eval", "time": at(place), "step": 10 * place, **values})
    if sick:
        alert = {"event": "alert", "time": at(n), "alert": "not_finite", "step": 10 * n, "value": None}
        made.append(alert | {"text": f"the loss is not a number any more: {NASTY}"})
    made.append({"event": "stopping", "time": at(n), "step": 10 * n, "best_step": 200, "reason": "nothing is better"})
    return made


def at(second: int) -> str:
    return f"2026-01-01T00:00:{second:02d}+00:00"


def page(*, name: str = "first", sick: bool = False) -> RunPage:
    told = history(events(sick=sick))
    recipe = {"model": "tiny", "method": "lora", "training": {"max_steps": 600, "learning_rate": 1e-3 + sick}}
    error = f"InputError: {NASTY}" if sick else None
    record = {"kind": "finetune", "name": name, "created": at(0), "config": {"recipe": recipe}, "error": error}
    summary = summarise(f"20260101-{name}", record, told, "failed" if sick else "complete")
    curves = Curves(name, told.train, told.evals, told.alerts, told.stopping, summary.best_step)
    settings = {"recipe.training.learning_rate": 1e-3 + sick, "recipe.model": "tiny", "recipe.system": NASTY}
    return RunPage(asdict(summary), settings, {"trained": {"peak_memory_bytes": 2**30}}, curves)
