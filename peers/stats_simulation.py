"""How often the tests of `sdp.stats` cry wolf and its intervals hold the truth, on data whose truth is known.

Run ``python peers/stats_simulation.py`` (a few minutes) and it prints the table of ``docs/statistics.md``.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from sdp import stats

Rng: TypeAlias = np.random.Generator
Floats: TypeAlias = npt.NDArray[np.float64]
Trial: TypeAlias = Callable[[Rng], bool | None]

ALPHA = 0.05


@dataclass(frozen=True)
class Scenario:
    """One line of the table."""

    kind: str
    """``false alarms``, ``coverage`` or ``power at the MDE``."""
    name: str
    data: str
    trial: Trial
    contrast: bool = False
    """Whether it shows what goes wrong without the method that sdp uses."""


@dataclass(frozen=True)
class Outcome:
    """Share of trials that said yes, of those where the answer was defined."""

    share: float
    n: int
    n_undefined: int

    def holds(self, kind: str) -> bool:
        """Compares with the nominal level, two Monte-Carlo standard errors granted."""
        if kind == "false alarms":
            return self.share <= ALPHA + 2 * sqrt(ALPHA * (1 - ALPHA) / self.n)
        if kind == "coverage":
            return self.share >= 1 - ALPHA - 2 * sqrt(ALPHA * (1 - ALPHA) / self.n)
        return abs(self.share - 0.8) <= 0.05  # noqa: PLR2004  (the MDE is an estimate itself)


def play(trial: Trial, n_trials: int, seed: int) -> Outcome:
    """Repeats a trial."""
    answers = [trial(np.random.default_rng((seed, number))) for number in range(n_trials)]
    defined = [answer for answer in answers if answer is not None]
    return Outcome(sum(defined) / len(defined), len(defined), len(answers) - len(defined))


def right(rng: Rng, n_keys: int, n_each: int, accuracy: float) -> Floats:
    """Draws right-or-wrong rows, correlated .33 within a key (a beta-binomial)."""  # (n_keys * n_each,)
    chance = rng.beta(2 * accuracy, 2 * (1 - accuracy), size=(n_keys, 1)) if n_each > 1 else accuracy
    return (rng.random((n_keys, n_each)) < chance).astype(np.float64).ravel()


def changes(rng: Rng, n_keys: int, n_each: int, fixed: float, broken: float) -> tuple[Floats, Floats]:
    """Draws arms with known shares of fixed and broken rows; half the keys change as a whole."""
    draw = np.where(rng.random((n_keys, 1)) < 0.5, rng.random((n_keys, 1)), rng.random((n_keys, n_each))).ravel()  # noqa: PLR2004
    before = np.where(draw < fixed, 0.0, 1.0)
    return before, np.where(draw > 1 - broken, 0.0, 1.0)


def scores(rng: Rng, n_keys: int, n_each: int) -> Floats:
    """Draws positive skewed scores such as NLL, correlated within a key; their mean is e^0.5."""
    key = rng.normal(scale=sqrt(0.5), size=(n_keys, 1))
    return np.exp(key + rng.normal(scale=sqrt(0.5), size=(n_keys, n_each))).ravel()


def keys(n_keys: int, n_each: int) -> npt.NDArray[np.intp]:
    """Labels the rows."""
    return np.repeat(np.arange(n_keys), n_each)


def _alarm_exact(n_keys: int, n_each: int, accuracy: float, rng: Rng, *, pooled: bool = False) -> bool:
    before, after = (right(rng, n_keys, n_each, accuracy) for _ in range(2))
    clusters = None if pooled else keys(n_keys, n_each)
    return bool(stats.compare_paired(before, after, clusters).p <= ALPHA)


def _alarm_scores(n_keys: int, n_each: int, rng: Rng) -> bool:
    before, after = (scores(rng, n_keys, n_each) for _ in range(2))
    return bool(stats.key_permutation(before, after, keys(n_keys, n_each), n_resamples=999).p <= ALPHA)


def _covered(estimate: stats.Estimate, truth: float) -> bool | None:
    if estimate.low is None or estimate.high is None:
        return None
    return bool(estimate.low <= truth <= estimate.high)


def _covers_share(
    estimator: Callable[..., stats.Estimate], n_keys: int, n_each: int, share: float, rng: Rng
) -> bool | None:
    return _covered(estimator(right(rng, n_keys, n_each, share), keys(n_keys, n_each)), share)


def _covers_change(
    estimator: Callable[..., stats.Estimate], shape: tuple[int, int], rates: tuple[float, float], rng: Rng
) -> bool | None:
    before, after = changes(rng, *shape, *rates)
    return _covered(estimator(before, after, keys(*shape)), rates[0] - rates[1])


def _covers_mean(estimator: Callable[..., stats.Estimate], n_keys: int, n_each: int, rng: Rng) -> bool | None:
    return _covered(estimator(scores(rng, n_keys, n_each), keys(n_keys, n_each)), float(np.exp(0.5)))


def _covers_score_change(estimator: Callable[..., stats.Estimate], n_keys: int, n_each: int, rng: Rng) -> bool | None:
    change = scores(rng, n_keys, n_each) - 0.6 * scores(rng, n_keys, n_each)
    return _covered(estimator(change, keys(n_keys, n_each)), 0.4 * float(np.exp(0.5)))


def _finds_mde(n_keys: int, n_each: int, broken: float, effect: float, rng: Rng) -> bool:
    before, after = changes(rng, n_keys, n_each, broken + effect, broken)
    return bool(stats.compare_paired(before, after, keys(n_keys, n_each)).p <= ALPHA)


def true_mde(n_keys: int, n_each: int, broken: float) -> float:
    """Finds the effect that equals the MDE which `compare_paired` reports on average when it is the true effect."""
    effect = 0.05
    for step in range(6):
        mdes = []
        for number in range(60):
            arms = changes(np.random.default_rng((step, number)), n_keys, n_each, broken + effect, broken)
            mdes.append(stats.compare_paired(*arms, keys(n_keys, n_each)).mde or 0.0)
        effect = float(np.mean(mdes))
    return effect


def alarm_scenarios() -> Iterator[Scenario]:
    """Nothing changed: how often is p <= .05?"""
    kind = "false alarms"
    for n_keys, n_each, accuracy in ((100, 1, 0.7), (500, 1, 0.95), (100, 3, 0.7), (500, 3, 0.95)):
        name = "`compare_paired`: McNemar" if n_each == 1 else "`compare_paired`: sign-flip"
        data = f"{n_keys} words × {n_each}, accuracy {accuracy}"
        yield Scenario(kind, name, data, partial(_alarm_exact, n_keys, n_each, accuracy))
    yield Scenario(
        kind,
        "McNemar that ignores keys",
        "200 words × 5, accuracy 0.7",
        partial(_alarm_exact, 200, 5, 0.7, pooled=True),
        contrast=True,
    )
    for n_keys in (20, 100):
        yield Scenario(
            kind, "`key_permutation`", f"{n_keys} words × 3, skewed scores", partial(_alarm_scores, n_keys, 3)
        )


def share_scenarios() -> Iterator[Scenario]:
    """Accuracies and their changes: how often does the interval hold the truth?"""
    kind = "coverage"
    for n_keys, n_each, share in ((50, 1, 0.9), (200, 1, 0.98), (50, 3, 0.9), (200, 3, 0.7), (200, 3, 0.98)):
        data = f"{n_keys} words × {n_each}, accuracy {share}"
        for name, estimator in (("clustered_share", stats.clustered_share), ("clustered_mean", stats.clustered_mean)):
            trial = partial(_covers_share, estimator, n_keys, n_each, share)
            yield Scenario(kind, f"`{name}`", data, trial, contrast=name == "clustered_mean")
    pairs = (
        ("clustered_share_difference", stats.clustered_share_difference),
        ("clustered_difference", stats.clustered_difference),
    )
    for shape, rates in (
        ((100, 1), (0.05, 0.01)),
        ((50, 3), (0.05, 0.01)),
        ((200, 3), (0.2, 0.1)),
        ((500, 3), (0.02, 0.02)),
    ):
        data = f"{shape[0]} words × {shape[1]}, fixed {rates[0]}, broken {rates[1]}"
        for name, paired in pairs:
            trial = partial(_covers_change, paired, shape, rates)
            yield Scenario(kind, f"`{name}`", data, trial, contrast=name == "clustered_difference")


def score_scenarios() -> Iterator[Scenario]:
    """Continuous scores and their changes: how often does the interval hold the truth?"""
    kind = "coverage"
    few: Any = partial(stats.cluster_bootstrap, n_resamples=999)
    for n_keys in (30, 50, 200, 1000):
        for name, estimator in (("clustered_difference", stats.clustered_mean), ("cluster_bootstrap", few)):
            trial = partial(_covers_score_change, estimator, n_keys, 3)
            data = f"{n_keys} words × 3, change of skewed scores"
            yield Scenario(kind, f"`{name}`", data, trial, contrast=name == "cluster_bootstrap")
    for n_keys in (50, 500):
        for name, estimator in (("clustered_mean", stats.clustered_mean), ("cluster_bootstrap", few)):
            trial = partial(_covers_mean, estimator, n_keys, 3)
            data = f"{n_keys} words × 3, skewed scores"
            yield Scenario(kind, f"`{name}`", data, trial, contrast=name == "cluster_bootstrap")


def power_scenarios() -> Iterator[Scenario]:
    """The true change equals the MDE: it should be found in 80 % of trials."""
    for n_keys, n_each, broken in ((200, 1, 0.05), (500, 1, 0.05), (200, 3, 0.05)):
        effect = true_mde(n_keys, n_each, broken)
        data = f"{n_keys} words × {n_each}, broken {broken}, effect {effect:.3f}"
        yield Scenario(
            "power at the MDE", "`compare_paired`", data, partial(_finds_mde, n_keys, n_each, broken, effect)
        )


GROUPS = {"alarms": alarm_scenarios, "shares": share_scenarios, "scores": score_scenarios, "power": power_scenarios}


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=2_000, help="trials per line")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS))
    given = parser.parse_args()
    sys.stdout.write("| figure | method | data | share | undefined | holds |\n|---|---|---|---|---|---|\n")
    for name in given.only:
        for line in GROUPS[name]():
            found = play(line.trial, given.reps, given.seed)
            verdict = "yes" if found.holds(line.kind) else "no"
            method = f"{line.name} (for contrast)" if line.contrast else f"**{line.name}**"
            undefined = f"{found.n_undefined / given.reps:.3f}".lstrip("0") if found.n_undefined else "–"
            share = f"{found.share:.3f}".lstrip("0")
            sys.stdout.write(f"| {line.kind} | {method} | {line.data} | {share} | {undefined} | {verdict} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
