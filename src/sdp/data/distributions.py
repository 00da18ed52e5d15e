"""What a data set's rows are spread over: kinds of question, lengths, answers. Card, plots and tables show the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from sdp.data.manifest import Manifest, SplitFacts

MOST_LENGTHS = 30
"""Where there are more lengths, neighbours share a bar."""
MOST_STRATA = 12
"""Where there are more kinds of question, the last ones share a bar."""

SMALLEST = 0.001
"""Smaller shares are written as "<0.1%"."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One value, and how many rows of a split have it."""

    label: str
    rows: int
    share: float
    """Of the split's rows, 0..1."""

    @property
    def percent(self) -> str:
        """The share, written."""
        return percent(self.share)


@dataclass(frozen=True, slots=True)
class Distribution:
    """One property of the rows, split by split."""

    name: str
    """strata, lengths or answers."""
    title: str
    splits: dict[str, tuple[Bar, ...]]

    @property
    def labels(self) -> list[str]:
        """Of all bars, each once. Strata and lengths have the same ones in every split."""
        return list(dict.fromkeys(bar.label for bars in self.splits.values() for bar in bars))

    @property
    def largest(self) -> float:
        """The largest share in any split."""
        return max((bar.share for bars in self.splits.values() for bar in bars), default=0.0)


def percent(share: float) -> str:
    """Writes a share as percent with one decimal; what would round to nothing is not written as nothing."""
    return f"{share:.1%}" if share >= SMALLEST or not share else f"<{SMALLEST:.1%}"


def recorded(manifest: Manifest) -> bool:
    """Says whether the manifest holds distributions: those of the first format do not."""
    return any(facts.n_answers for facts in manifest.splits.values())


def distributions(manifest: Manifest) -> list[Distribution]:
    """Reads the distributions out of a manifest.

    Returns:
        Kinds of question (unless the task has none), letters of the key, commonest answers; nothing if the manifest
        does not hold them.
    """
    if not recorded(manifest):
        return []
    splits = manifest.splits
    found = [
        Distribution("strata", "Kinds of question", _strata(splits)),
        Distribution("lengths", "Letters of the word" if manifest.words else "Letters of the key", _lengths(splits)),
        Distribution("answers", "Commonest answers", _answers(splits)),
    ]
    return [one for one in found if one.labels]


def _strata(splits: Mapping[str, SplitFacts]) -> dict[str, tuple[Bar, ...]]:
    names = list(dict.fromkeys(name for facts in splits.values() for name in facts.strata))
    if len(names) <= MOST_STRATA:
        groups = {name: [name] for name in names}
    else:
        groups = {name: [name] for name in names[: MOST_STRATA - 1]}
        others = names[MOST_STRATA - 1 :]
        groups[f"{len(others)} others"] = others
    return {split: _grouped(facts, facts.strata, groups) for split, facts in splits.items()}


def _lengths(splits: Mapping[str, SplitFacts]) -> dict[str, tuple[Bar, ...]]:
    seen = sorted({int(length) for facts in splits.values() for length in facts.lengths})
    groups = {}
    if seen:
        width = -(-(seen[-1] - seen[0] + 1) // MOST_LENGTHS)
        for first in range(seen[0], seen[-1] + 1, width):
            last = first + width - 1
            label = str(first) if width == 1 else f"{first}–{last}"
            groups[label] = [str(length) for length in seen if first <= length <= last]
    return {split: _grouped(facts, facts.lengths, groups) for split, facts in splits.items()}


def _answers(splits: Mapping[str, SplitFacts]) -> dict[str, tuple[Bar, ...]]:
    return {
        split: tuple(Bar(answer, rows, rows / facts.rows) for answer, rows in facts.top_answers.items())
        for split, facts in splits.items()
    }


def _grouped(facts: SplitFacts, counts: Mapping[str, int], groups: Mapping[str, list[str]]) -> tuple[Bar, ...]:
    sums = {label: sum(counts.get(name, 0) for name in names) for label, names in groups.items()}
    return tuple(Bar(label, rows, rows / facts.rows) for label, rows in sums.items())
