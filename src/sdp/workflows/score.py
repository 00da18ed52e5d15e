"""`sdp score`: predictions that somebody recorded, scored as `sdp bench` scores a model's; needs no model."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdp.benchmarks.asked_file import of_source
from sdp.benchmarks.compare import compare
from sdp.benchmarks.extraction import Rule, parse_rule
from sdp.benchmarks.predictions.bench_rows import bench_file
from sdp.benchmarks.predictions.reading import open_source, path_and_label, read_predictions
from sdp.benchmarks.predictions.recorded import USUAL, FieldNames, Recorded
from sdp.benchmarks.references import References, joined, of_bench, of_folder
from sdp.benchmarks.result import BenchResult
from sdp.benchmarks.score_recorded import Judged, score_recorded
from sdp.benchmarks.store import REPORT, ROWS, check_free, save
from sdp.errors import InputError
from sdp.plugins.manager import load
from sdp.progress import SILENT, Progress
from sdp.runs.folder import Run
from sdp.workflows.locate import find_data
from sdp.workflows.plugin_metrics import plugin_metrics

CLAIM = (
    "These comparisons say whether two sets of recorded answers differ on these questions. They say nothing about how "
    "the models were made: another run of the same training gives other answers."
)
LABEL_CHARS = 24
"""Of a label that is made here: what a table shows in one line."""
FOLDER = "score"
"""Of a run that `sdp score` makes for itself."""


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """What to score."""

    predictions: Sequence[str]
    """Files, one model each; or folders of a bench or an earlier scoring, with ``#LABEL`` for one of its models."""
    reference: Sequence[str] = ()
    """Files, data folders, task names under ./data, bench folders; empty: what the predictions' file itself says."""
    compare: Sequence[str] = ()
    """As `predictions`."""
    names: FieldNames = USUAL
    """Fields of the files."""
    extract: str = "last-line"
    """The rule that takes the answer out; see `sdp.benchmarks.extraction.parse_rule`."""
    labels: Sequence[str] = ()
    """What the models are called in tables, in the order of `predictions`."""
    split: str = "test"
    """Of data folders."""
    seed: int = 0
    out: Path | None = None
    """The result's folder; ``<a new run>/score`` if not given."""
    report: Path | None = None
    """A second place for the page."""
    runs_root: Path = Path("runs")


@dataclass(frozen=True, slots=True)
class Scored:
    """What was found, and where it lies."""

    result: BenchResult
    folder: Path
    rows: Path
    report: Path
    table: pa.Table
    """The rows, in ROWS_SCHEMA."""


def score(request: ScoreRequest, progress: Progress = SILENT) -> Scored:
    """Scores recorded predictions and writes scores, rows and report.

    Args:
        request: What to score.
        progress: Shows files and models.

    Returns:
        The result and its files.

    Raises:
        InputError: Files that cannot be read, predictions and references that do not pair, or a rule that is none.
        PluginError: A plugin's metric fails.
        ResourceError: The disk is full or the place is not writable.
    """
    rule = parse_rule(request.extract)
    if request.out is not None:
        check_free(request.out)
    tested = _labelled(_read(request.predictions, request, progress), request.labels)
    references = _references(request, tested[0], progress)
    rivals = _free(_read(request.compare, request, progress), tested)
    patterns, notes = _patterns(references)
    judged: dict[str, Judged] = {}
    with progress.bar("scoring", len(rivals) + len(tested), "models") as bar:
        for recorded in (*rivals, *tested):
            found = score_recorded(recorded, references, patterns, rule=rule, extra=plugin_metrics())
            judged[recorded.label] = found
            bar.advance()
    pairs = [(one.label, rival.label) for rival in rivals for one in tested]
    result = _result(request, rule, judged, pairs, references, notes)
    return _written(request, tested, result, pa.concat_tables([found.rows for found in judged.values()]), progress)


def _references(request: ScoreRequest, first: Recorded, progress: Progress) -> References:
    if not request.reference:
        return _of_file(path_and_label(request.predictions[0])[0], request, first.fields["prediction"])
    parts = []
    for name in request.reference:
        with progress.bar(f"reading {name}", 1) as bar:
            path = Path(name)
            is_file = path.is_file() or bench_file(path) is not None or (path.suffix and not path.exists())
            parts.append(_of_file(path, request) if is_file else of_folder(find_data(name), request.split))
            bar.advance()
    return joined(parts)


def _of_file(path: Path, request: ScoreRequest, said: str | None = None) -> References:
    rows = bench_file(path)
    return of_bench(rows) if rows else of_source(open_source(path, request.names), request.names, said)


def _read(names: Sequence[str], request: ScoreRequest, progress: Progress) -> list[Recorded]:
    found = []
    for name in dict.fromkeys(names):
        with progress.bar(f"reading {name}", 1) as bar:
            found += read_predictions(name, request.names)
            bar.advance()
    return found


def _labelled(recorded: list[Recorded], labels: Sequence[str]) -> list[Recorded]:
    """Names the models: as asked for, else by their files; no two alike."""
    if labels and len(labels) != len(recorded):
        what = f"labels: {len(labels)}, models: {len(recorded)}"
        raise InputError(what, where="--label", hint="one for each, in the order of the predictions")
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise InputError(f"two models cannot both be called '{twice}'", where="--label")
    named = [replace(one, label=label) for one, label in zip(recorded, labels, strict=False)] or recorded
    return _free(named, [])


def _free(recorded: Sequence[Recorded], taken: Sequence[Recorded]) -> list[Recorded]:
    """Gives labels that nobody has, with the folder's name where two files are called alike, unless that is long."""
    used = {one.label for one in taken}
    found = []
    for one in recorded:
        longer = f"{one.path.resolve().parent.name}/{one.label}"
        names = [one.label, *([longer] if len(longer) <= LABEL_CHARS else [])]
        names += [f"{one.label}-{number}" for number in range(2, len(used) + 3)]
        label = next(name for name in names if name not in used)
        used.add(label)
        found.append(replace(one, label=label))
    return found


def _patterns(references: References) -> tuple[dict[str, str], list[str]]:
    generators = load().generators
    there = [task for task in references.tasks if task in generators]
    known = {task: generators[task].answer_pattern for task in there if task not in references.by_file}
    why = dict.fromkeys(there, "the records do not say that this is their task")
    notes = [
        f"{task}: {why.get(task, 'no plugin knows this task')}, so any answer that is not empty counts as well-formed"
        for task in references.tasks
        if task not in known
    ]
    return known, notes


def _result(
    request: ScoreRequest,
    rule: Rule,
    judged: dict[str, Judged],
    pairs: Sequence[tuple[str, str]],
    references: References,
    notes: Sequence[str],
) -> BenchResult:
    comparisons = [
        row
        for label, against in pairs
        for row in compare(
            judged[against].rows, judged[label].rows, label=label, against=against, seed=request.seed, advice=False
        )
    ]
    said = [note for found in judged.values() for note in found.notes]
    settings: dict[str, Any] = {
        "scored": rule.name,
        "extract": request.extract,
        "interval": "95 %, clustered by key",
        "seed": request.seed,
        "models": {label: found.settings for label, found in judged.items()},
    }
    return BenchResult(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        models=[found.result for found in judged.values()],
        comparisons=comparisons,
        settings=settings,
        data=references.sources,
        claim=CLAIM if comparisons else "Scores of recorded answers, nothing compared.",
        notes=list(dict.fromkeys([*said, *references.notes, *notes])),
        verb="score",
    )


def _written(
    request: ScoreRequest, tested: Sequence[Recorded], result: BenchResult, rows: pa.Table, progress: Progress
) -> Scored:
    from sdp.reports.html import write_report

    run = None
    if request.out is None:
        config = {name: value for name, value in asdict(request).items() if name not in {"out", "report", "runs_root"}}
        run = Run.create(request.runs_root, "score", "-".join(["score", *(one.label for one in tested)]), config)
    folder = request.out or (run.path / FOLDER if run else Path())
    with run.guarded() if run else nullcontext(), progress.bar("writing", 1) as bar:
        save(folder, result, rows)
        write_report(asdict(result), rows, folder / REPORT)
        if request.report is not None:
            write_report(asdict(result), rows, request.report)
        if run:
            run.finish({"score": folder.as_posix(), "models": [one.label for one in tested]})
        bar.advance()
    return Scored(result, folder, folder / ROWS, folder / REPORT, rows)
