"""Which checkpoints stay: ``best:3,last:2``."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sdp.errors import InputError
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints.record import Checkpoint, read

ALL = "all"
_RULE = re.compile(r"(best|last):(\d+)")


@dataclass(frozen=True)
class Keep:
    """How many stay."""

    best: int | None = 1
    """By the metric of the run; None: all."""
    last: int | None = 2
    """The newest; None: all."""

    @classmethod
    def parse(cls, text: str, where: str = "--keep") -> "Keep":
        """Reads ``best:3,last:2``, ``best:1``, ``last:5`` or ``all``.

        Raises:
            InputError: It is none of these, or would keep nothing.
        """
        hint = "best:N, last:N, both joined by a comma, or all"
        if text.strip() == ALL:
            return cls(None, None)
        counts: dict[str, int] = {}
        for rule in text.split(","):
            match = _RULE.fullmatch(rule.strip())
            if match is None or match[1] in counts:
                raise InputError(f"'{text}' does not say which checkpoints stay", where=where, hint=hint)
            counts[match[1]] = int(match[2])
        if not sum(counts.values()):
            raise InputError(f"'{text}' would keep no checkpoint", where=where, hint=hint)
        return cls(counts.get("best", 0), counts.get("last", 0))

    def needed(self) -> "Keep":
        """Adds what a run that is not at its end needs: the newest to go on from, and the best for its end."""
        return Keep(None if self.best is None else max(1, self.best), None if self.last is None else max(1, self.last))

    def chosen(self, records: Mapping[int, Checkpoint]) -> set[int]:
        """Gives the steps that stay.

        Args:
            records: Complete checkpoints by step.
        """
        if self.best is None or self.last is None:
            return set(records)
        newest = sorted(records)[len(records) - min(self.last, len(records)) :]
        return {*ranked(records)[: self.best], *newest}


def ranked(records: Mapping[int, Checkpoint]) -> list[int]:
    """Orders the steps at which something was evaluated: the best first, of equals the earlier one."""
    values = {step: record.value for step, record in records.items()}
    judged = {step: value for step, value in values.items() if value is not None}
    return sorted(judged, key=lambda step: (-judged[step] if records[step].greater_is_better else judged[step], step))


def records_of(folder: Path) -> dict[int, Checkpoint]:
    """Reads the records of all complete checkpoints; one whose record is damaged is neither counted nor removed."""
    found = {}
    for step, path in folders.complete(folder).items():
        with suppress(InputError):
            found[step] = read(path)
    return found


def prune(folder: Path, keep: Keep, also: frozenset[int] = frozenset()) -> list[int]:
    """Removes checkpoints but those to keep.

    Args:
        folder: ``checkpoints/`` of a run.
        keep: Which stay.
        also: Steps that stay whatever `keep` says.

    Returns:
        The steps that are gone.
    """
    records = records_of(folder)
    stay = keep.chosen(records) | also
    gone = [step for step in records if step not in stay]
    for step in gone:
        folders.discard(folder, folder / folders.name_of(step))
    return gone
