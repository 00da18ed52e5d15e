"""The results of ``peers/finetuning.py`` as a table, and as plain values."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from side_by_side.table import markdown, megabytes, seconds, times
from side_by_side.training import Race, Result

HEADER = [
    "trainer", "examples/s", "× TRL's best", "tokens/s", "examples/s, start-up included", "peak memory",
    "loss at the end", "s to the loss that all reach", "MFLOP per answer token", "rounds",
]  # fmt: skip


def table(race: Race) -> str:
    """Sets one course's results. Tokens are those of prompts and answers; padding is none."""
    course, facts = race.course, race.facts
    millions, n = facts["n_parameters"] / 1e6, course.n_rows
    title = (
        f"{course.model}: {millions:.1f} M parameters, {course.epochs} epochs of {n} rows, the first untimed; "
        f"{facts['n_tokens'] / n:.1f} tokens each, {facts['n_answer_tokens'] / n:.1f} of them answer; "
        f"batches of {course.batch}, {course.threads} threads"
    )
    return markdown(title, HEADER, [_row(race, result) for result in race.results])


def values(race: Race) -> dict[str, Any]:
    """Gives everything that was measured."""
    best = race.best_peer
    return {
        "course": race.course.model,
        "steps": race.course.steps,
        "epochs": race.course.epochs,
        "facts": race.facts,
        "best_peer": best.trainer.name if best else None,
        "target_loss": race.target_loss,
        "results": [
            {
                "trainer": result.trainer.name,
                "settings": result.trainer.settings,
                "examples_per_s": _timed(race) / median(result.train_s),
                "tokens_per_s": _tokens(race) / median(result.train_s),
                "train_s": result.train_s,
                "wall_s": result.wall_s,
                "peak_bytes": max(result.peak_bytes),
                "losses": result.losses,
                "seconds_to_target": result.seconds_to(race.target_loss),
                "flops_per_answer_token": result.flops,
            }
            for result in race.results
        ],
    }


def _row(race: Race, result: Result) -> list[str]:
    return [
        result.trainer.name,
        _digits(_timed(race) / median(result.train_s)),
        _against(race.best_peer, result),
        _digits(_tokens(race) / median(result.train_s)),
        _digits(race.course.n_rows * race.course.epochs / median(result.wall_s)),
        megabytes(result.peak_bytes),
        f"{result.loss:.4f}",
        seconds(result.seconds_to(race.target_loss)) if race.course.snapshot_every else "–",
        _digits(result.flops / 1e6),
        str(len(result.train_s)),
    ]


def _digits(value: float) -> str:
    """Gives three digits."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:.3g}"  # noqa: PLR2004  (three digits)


def _against(best: Result | None, result: Result) -> str:
    """Gives the speed in times of TRL's best, over the rounds that both have."""
    if best is None:
        return "–"
    pairs = list(zip(best.train_s, result.train_s, strict=False))
    return times(*(_side(pairs, side) for side in (0, 1)))


def _side(pairs: Sequence[tuple[float, float]], side: int) -> list[float]:
    return [pair[side] for pair in pairs]


def _timed(race: Race) -> int:
    """Counts the rows of the timed epochs."""
    return race.course.n_rows * (race.course.epochs - 1)


def _tokens(race: Race) -> int:
    return race.facts["n_tokens"] * (race.course.epochs - 1)
