"""`sdp validate`: every row of finished data sets, judged again from the files alone, and each set as a whole."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from sdp.contract.generator import Generator
from sdp.contract.rows import id_to_text
from sdp.contract.validator import DataFacts, Validator
from sdp.data.dataset import TaskFolder
from sdp.errors import InputError
from sdp.importing.judged import imported_task
from sdp.progress import SILENT, Progress
from sdp.synthesis.blame import blame
from sdp.synthesis.screen import make_validators, reasons_of
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.source import make_generator
from sdp.workflows.locate import ROOT, all_data
from sdp.workflows.tallies import Tallies

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ValidateRequest:
    """Which data sets: folders or task names; all under ``data`` if none is given."""

    data: tuple[str, ...] = ()
    against: tuple[Path, ...] = ()
    """Evaluation files that nothing of the data may occur in."""
    report: Path | None = None
    """Where to write an HTML page with plots."""
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
    skipped: dict[str, str] = field(default_factory=dict)
    """Check → why there was nothing for it to judge."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    """Check → what else it measured."""

    @property
    def ok(self) -> bool:
        """Whether there is nothing to complain about."""
        return not self.rejected and not self.problems


@dataclass(frozen=True, slots=True)
class ValidateResult:
    """What was found."""

    folders: list[FolderVerdict]
    ok: bool
    report: Path | None = None


def validate(request: ValidateRequest, progress: Progress = SILENT) -> ValidateResult:
    """Judges data sets.

    Args:
        request: Which.
        progress: Shows rows.

    Returns:
        A verdict per data set.

    Raises:
        InputError: There is no such data set, a shard is missing or changed, or an evaluation file cannot be read.
        ResourceError: The report cannot be written.
    """
    verdicts, pages = [], []
    for folder in all_data(list(request.data), request.root):
        tallies = Tallies() if request.report else None
        verdict = _judge(folder, request.against, tallies, progress)
        verdicts.append(verdict)
        if tallies:
            pages.append({**asdict(verdict), "ok": verdict.ok, **tallies.facts(folder)})
    if request.report:
        from sdp.reports.data_html import write_data_report

        write_data_report(pages, request.report)
    return ValidateResult(verdicts, all(verdict.ok for verdict in verdicts), request.report)


def _judge(folder: TaskFolder, against: tuple[Path, ...], tallies: Tallies | None, progress: Progress) -> FolderVerdict:
    folder.check_hashes()
    facts = DataFacts(folder.manifest.model_dump(mode="json"), against)
    validators, skipped = _begin(_generator(folder), facts)
    rejected: Counter[str] = Counter()
    examples: dict[str, str] = {}
    n_rows = sum(folder.n_rows(split) for split in folder.manifest.splits)
    with progress.bar(f"validate {folder.task}", n_rows, "rows") as bar:
        for split in folder.manifest.splits:
            for batch in folder.batches(split):
                table = pa.Table.from_batches([batch])
                _note_rejected(table, reasons_of(table, validators), rejected, examples)
                if tallies:
                    tallies.add(table)
                bar.advance(batch.num_rows)
    problems = [f"{each.name}: {problem}" for each in validators for problem in _ask(each, each.finish)]
    return FolderVerdict(
        folder=folder.path,
        task=folder.task,
        n_rows=n_rows,
        rejected=dict(rejected),
        examples=examples,
        problems=problems,
        checks=[validator.name for validator in validators],
        skipped=skipped,
        notes={each.name: notes for each in validators if (notes := _ask(each, each.notes))},
    )


def _generator(folder: TaskFolder) -> Generator:
    """Sets the task up as it was when the rows were made; rows that came from elsewhere have a stand-in."""
    if folder.manifest.imported is not None:
        return imported_task(folder.manifest)
    try:
        settings = DataSettings.model_validate({**folder.manifest.settings, "task": folder.task})
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"the manifest's settings cannot be read: {'.'.join(map(str, first['loc']))}: {first['msg']}",
            where=str(folder.path),
            hint="it may be from another version of sdp: make the data set again with --overwrite",
        ) from error
    return make_generator(settings)


def _begin(generator: Generator, facts: DataFacts) -> tuple[list[Validator], dict[str, str]]:
    """Makes one of each validator: those that have something to judge, and why the others have not."""
    made, skipped = [], {}
    for validator in make_validators(generator, whole=True):
        reason = _ask(validator, partial(validator.begin, facts))
        if reason is None:
            made.append(validator)
        else:
            skipped[validator.name] = reason
    return made, skipped


def _ask(validator: Validator, question: Callable[[], Result]) -> Result:
    with blame(f"validator '{validator.name}'", validator, validator.generator):
        return question()


def _note_rejected(table: pa.Table, reasons: pa.Array, rejected: Counter[str], examples: dict[str, str]) -> None:
    """Counts rows by reason, and keeps the id of the first of each."""
    bad = np.flatnonzero(np.asarray(pc.is_valid(reasons)))
    if not bad.size:
        return
    picked = pa.array(bad)
    for row_id, reason in zip(table["id"].take(picked).to_pylist(), reasons.take(picked).to_pylist(), strict=True):
        rejected[reason] += 1
        examples.setdefault(reason, id_to_text(row_id))
