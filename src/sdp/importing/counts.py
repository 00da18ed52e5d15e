"""How many rows went into each step and came out, and why the others did not."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_REASONS = 100
"""Per step, in the manifest; rejects.parquet has every row's own."""
_QUOTED = re.compile(r"'[^']*'")


@dataclass
class StepCount:
    """One step."""

    step: str
    n_in: int = 0
    n_out: int = 0
    n_changed: int = 0
    """Rows that are others now, and stay."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why rows were rejected → how many."""
    added: Counter[str] = field(default_factory=Counter)
    """What rows were added by → how many."""

    def reject(self, reasons: Iterable[str]) -> None:
        """Counts reasons: without what they quote, and those beyond the first hundred together."""
        for reason in reasons:
            short = _QUOTED.sub("'…'", reason)
            known = short in self.reasons or len(self.reasons) < MOST_REASONS
            self.reasons[short if known else "other reasons"] += 1


class Counts:
    """All steps, in the order in which they were done."""

    def __init__(self, steps: tuple[str, ...]) -> None:
        self._steps = {step: StepCount(step) for step in steps}

    def __getitem__(self, step: str) -> StepCount:
        return self._steps.setdefault(step, StepCount(step))

    @property
    def all(self) -> list[StepCount]:
        """Each, once."""
        return list(self._steps.values())

    @property
    def rejects(self) -> dict[str, int]:
        """Reason, with its step before it → rows. A copy that was not made is none."""
        steps = [one for one in self._steps.values() if one.step != "augment"]
        return dict(sorted((f"{one.step}: {why}", n) for one in steps for why, n in one.reasons.items()))
