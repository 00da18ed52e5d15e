"""Answer distribution: what is asked in one split is asked in the others."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.validator import DataFacts, Validator
from sdp.validators.apart import Sample, cramers_v, effective_words, from_equal
from sdp.validators.tally import Tally, total

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 0.1
"""Cramér's V: the usual boundary of a small effect (Cohen, 1988)."""


class AnswerDistribution(Validator):
    """Complains when a split's answers are distributed otherwise than train's: Cramér's V above 0.1.

    The commonest answer alone is what `balance` judges.
    """

    name = "answer_distribution"
    scope = "set"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._answers, self._keys = Tally("answer"), Tally("key")
        self._facts: Mapping[str, Mapping[str, Any]] = {}
        self._notes: list[str] = []

    def begin(self, facts: DataFacts) -> str | None:
        """Learns how many rows of each kind of question every split was to have."""
        self._facts = facts.manifest.get("splits", {})
        return None

    def reasons(self, table: pa.Table) -> pa.Array:
        """Counts answers; no single row is at fault."""
        self._answers.add(table)
        self._keys.add(table)
        return pa.nulls(table.num_rows, pa.string())

    def finish(self) -> list[str]:
        """Compares every split with train."""
        problems = []
        self._notes = [self._of_split(split) for split in self._answers.splits]
        for split in (other for other in self._answers.splits if other != "train"):
            if "train" not in self._answers.splits:
                break
            distance = cramers_v(*self._aligned("train", split))
            if distance is None:
                self._notes.append(f"{split}: too many different answers to compare their shares with train's")
            elif distance.beyond(LIMIT) and self._kinds_differ(split):
                self._notes.append(
                    f"{split}: Cramér's V against train {distance.size:.2f}, for it has other shares of the kinds of "
                    "question: its words do not give enough of each"
                )
            elif distance.beyond(LIMIT):
                problems.append(
                    f"{split}: its answers are distributed otherwise than train's, Cramér's V {distance.size:.2f} over "
                    f"{distance.n_categories:,} answers, at most {LIMIT}"
                )
            else:
                self._notes.append(f"{split}: Cramér's V against train {distance.size:.2f}, at most {LIMIT}")
        return problems

    def notes(self) -> list[str]:
        """Gives every split's distance from equal shares, and from train."""
        return self._notes

    def _aligned(self, one: str, other: str) -> tuple[Sample, Sample]:
        """Counts of the same answers in two splits."""
        joined = self._answers.counts(one).join(self._answers.counts(other), "value", "value", "full outer", "", "_2")
        first, second = (np.asarray(pc.fill_null(joined[name], 0), dtype=np.float64) for name in ("n", "n_2"))
        return Sample(first, self._n_words(one)), Sample(second, self._n_words(other))

    def _kinds_differ(self, split: str) -> bool:
        """Tells whether the manifest itself says that the plan gave this split other shares than train."""
        kinds = [self._facts.get(name, {}).get("strata") or {} for name in ("train", split)]
        names = sorted(set().union(*kinds))
        one, other = (Sample(np.array([n.get(name, 0) for name in names], dtype=np.float64), 1e9) for n in kinds)
        distance = cramers_v(one, other) if one.n_rows and other.n_rows else None
        return distance is not None and distance.size > LIMIT / 2

    def _n_words(self, split: str) -> float:
        return effective_words(np.asarray(self._keys.counts(split)["n"], dtype=np.float64))

    def _of_split(self, split: str) -> str:
        counts = self._answers.counts(split)
        n, k = total(counts), counts.num_rows
        most = counts["n"][0].as_py() / n
        statistic, effect = from_equal(np.asarray(counts["n"], dtype=np.float64))
        return (
            f"{split}: {k:,} answers in {n:,} rows, the commonest {most:.1%} (allowed {self.generator.max_floor:.0%}, "
            f"equal shares {1 / k:.1%}); chi-square against equal shares {statistic:,.1f} with {k - 1:,} degrees of "
            f"freedom, Cramér's V {effect:.2f}"
        )
