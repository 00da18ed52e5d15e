"""`sdp validate`: every row of finished data sets, judged again from the files alone."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sdp.data.dataset import TaskFolder
from sdp.plugins.manager import load
from sdp.progress import SILENT, Progress
from sdp.synthesis.screen import make_validators, reasons_of
from sdp.workflows.locate import ROOT, all_data


@dataclass(frozen=True, slots=True)
class ValidateRequest:
    """Which data sets: folders or task names; all under ``data`` if none is given."""

    data: tuple[str, ...] = ()
    root: Path = ROOT


@dataclass(frozen=True, slots=True)
class FolderVerdict:
    """What was found in one data set."""

    folder: Path
    task: str
    n_rows: int
    rejected: dict[str, int]
    """Reason → rows."""
    examples: dict[str, str]
    """Reason → the id of one such row, 16 hexadecimal digits."""
    problems: list[str]
    """With the data set as a whole."""
    checks: list[str]

    @property
    def ok(self) -> bool:
        """Whether there is nothing to complain about."""
        return not self.rejected and not self.problems


@dataclass(frozen=True, slots=True)
class ValidateResult:
    """What was found."""

    folders: list[FolderVerdict]
    ok: bool


def validate(request: ValidateRequest, progress: Progress = SILENT) -> ValidateResult:
    """Judges data sets.

    Args:
        request: Which.
        progress: Shows rows.

    Returns:
        A verdict per data set.

    Raises:
        InputError: There is no such data set, or a shard is missing or changed.
    """
    verdicts = [_judge(folder, progress) for folder in all_data(list(request.data), request.root)]
    return ValidateResult(verdicts, all(verdict.ok for verdict in verdicts))


def _judge(folder: TaskFolder, progress: Progress) -> FolderVerdict:
    folder.check_hashes()
    generator = load().get_generator(folder.task)()
    validators = make_validators(generator)
    rejected: Counter[str] = Counter()
    examples: dict[str, str] = {}
    n_rows = sum(folder.n_rows(split) for split in folder.manifest.splits)
    with progress.bar(f"validate {folder.task}", n_rows, "rows") as bar:
        for split in folder.manifest.splits:
            for batch in folder.batches(split):
                table = pa.Table.from_batches([batch])
                reasons = reasons_of(table, validators)
                if reasons.null_count < len(reasons):
                    for row_id, reason in zip(table["id"].to_pylist(), reasons.to_pylist(), strict=True):
                        if reason is not None:
                            rejected[reason] += 1
                            examples.setdefault(reason, f"{row_id:016x}")
                bar.advance(batch.num_rows)
    problems = [f"{validator.name}: {problem}" for validator in validators for problem in validator.finish()]
    checks = [validator.name for validator in validators]
    return FolderVerdict(folder.path, folder.task, n_rows, dict(rejected), examples, problems, checks)
