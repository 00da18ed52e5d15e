"""`sdp bench`: one or more models on held-out questions, and what differs between them."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from sdp.benchmarks.backends.huggingface import BATCH_TOKENS
from sdp.benchmarks.compare import CLAIM, compare
from sdp.benchmarks.questions import Questions
from sdp.benchmarks.result import BenchResult
from sdp.benchmarks.run_models import Answered, Options, run_models
from sdp.benchmarks.scored_line import SCORED_LINE
from sdp.benchmarks.store import REPORT, ROWS, bench_folder, check_free, save
from sdp.benchmarks.suite import Suite
from sdp.benchmarks.target import Target, find_target, newest_target, run_target
from sdp.data.atomic import alone
from sdp.errors import InputError
from sdp.progress import SILENT, Progress
from sdp.runs.folder import Run
from sdp.runs.tracking.contract import Settings
from sdp.workflows.bench_events import bench_settings, followed, tell
from sdp.workflows.plugin_metrics import plugin_metrics
from sdp.workflows.question_sets import find_questions
from sdp.workflows.suites import suite_questions
from sdp.workflows.tracking_settings import check_followed

BASELINE = "baseline"
"""Stands in `compare` for the model under test without its adapter."""

_NOT_CONFIG = {"out", "runs_root", "track", "overrides"}
"""Keys of a request that decide where things go, not what they are."""


@dataclass(frozen=True, slots=True)
class BenchRequest:
    """What to bench."""

    models: Sequence[str] = ()
    """Runs, adapter folders, model folders, names; empty (and `runs` too): the newest finetune run, else tiny."""
    runs: Sequence[str] = ()
    """Run folders or their names below `runs_root`."""
    compare: Sequence[str] = ()
    """``baseline``, or what `models` takes."""
    base: str | None = None
    """Base model of adapters that do not name theirs."""
    data: Sequence[str] = ()
    """Task folders, or task names under ./data; empty: spelling, position, count, and other tasks found there."""
    suite: Suite | None = None
    """In place of `data`, from `sdp.workflows.suites.find_suite`. What it says of limit, style and seed is the caller's
    to hand on."""
    limit: int | None = 1000
    """Questions per task; None: all."""
    style: Literal["auto", "direct", "trace"] = "auto"
    """Of test sets made here; ``auto``: the way the model answers."""
    seed: int = 0
    out: Path | None = None
    """The bench's folder; ``<run>/bench/<time>`` if not given."""
    runs_root: Path = Path("runs")
    batch_tokens: int = BATCH_TOKENS
    device: str = "auto"
    track: Sequence[str] = ()
    """Trackers that follow the run which the bench belongs to."""
    overrides: Sequence[str] = ()
    """``tracking.project=…`` and the like; what the run was trained with where not given."""


@dataclass(frozen=True, slots=True)
class Benched:
    """What was found, and where it lies."""

    result: BenchResult
    folder: Path
    rows: Path
    report: Path


def bench(request: BenchRequest, progress: Progress = SILENT) -> Benched:
    """Benches models and writes scores, rows and report.

    Args:
        request: What to bench.
        progress: Shows rows.

    Returns:
        The result and its files.

    Raises:
        InputError: No such run, model, adapter or data, or one that cannot be used.
        ConfigError: An override that cannot be used.
        MissingExtra: A tracker's package is not installed.
        PluginError: A plugin's metric fails.
        ResourceError: A model, device, memory or disk that is not there.
    """
    check_followed(request.track)
    if request.batch_tokens < 1:
        raise InputError(f"cannot make batches of {request.batch_tokens} tokens", where="--batch-tokens")
    if request.out is not None:
        check_free(request.out)
    tested = _tested(request)
    rivals, pairs, notes = _rivals(request, tested)
    how = (_style(request, tested[0]), request.limit, request.seed, progress)
    sets = suite_questions(request.suite, *how) if request.suite else find_questions(request.data, *how)
    home = _trained_run(request, tested)
    settings = bench_settings(home, request.track, request.overrides)
    run = None if home else _own_run(request, tested, settings)
    place = home or run
    at_work = alone(run.path) if run else nullcontext()  # or it would count as broken off while it says nothing
    with at_work, followed(place, settings, progress.note), run.guarded() if run else nullcontext():
        result, rows = bench_models(
            [*rivals, *tested],
            sets.tasks,
            pairs,
            options=Options(request.device, request.batch_tokens, request.seed, plugin_metrics()),
            notes=[*notes, *sets.notes],
            progress=progress,
        )
        if request.suite:
            result.settings["suite"] = {"name": request.suite.name, "file": request.suite.file}
        done = _written(request, place, result, rows)
        if place:
            tell(place, result, tested)
        if run:
            run.finish({"bench": done.folder.as_posix(), "models": [target.label for target in tested]})
    return done


def bench_models(
    targets: Sequence[Target],
    tasks: Sequence[Questions],
    pairs: Sequence[tuple[str, str]] = (),
    *,
    options: Options = Options(),  # noqa: B008  (frozen)
    notes: Sequence[str] = (),
    progress: Progress = SILENT,
) -> tuple[BenchResult, pa.Table]:
    """Benches several models in one go, each base loaded once.

    Args:
        targets: Who is asked; labels differ.
        tasks: What is asked.
        pairs: Which labels to compare: (model under test, its baseline).
        options: Device, batches, seed, further metrics.
        notes: What the reader should know besides.
        progress: Shows rows.

    Returns:
        The result, and one row per model and question.

    Raises:
        InputError: An adapter of another base, or questions that the model cannot read.
        PluginError: A plugin's metric fails.
        ResourceError: A model, device or memory that is not there.
    """
    answered = run_models(targets, tasks, options, progress)
    rows = {one.result.label: one.rows for one in answered}
    comparisons = [
        row
        for label, against in pairs
        for row in compare(rows[against], rows[label], label=label, against=against, seed=options.seed)
    ]
    result = BenchResult(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        models=[one.result for one in answered],
        comparisons=comparisons,
        settings={
            "scored": SCORED_LINE,
            "interval": "95 %, clustered by key",
            "seed": options.seed,
            "models": {one.result.label: one.settings for one in answered},
        },
        data=[questions.source for questions in tasks],
        claim=CLAIM if comparisons else "Scores of one run each, nothing compared.",
        notes=[*notes, *_style_notes(answered, tasks)],
    )
    return result, pa.concat_tables(rows.values())


def _tested(request: BenchRequest) -> list[Target]:
    """Finds what is under test; labels are made to differ."""
    root = request.runs_root
    found = [find_target(name, root, request.base) for name in request.models]
    found += [run_target(name, root) for name in request.runs]
    distinct: dict[str, Target] = {}
    for target in found or [newest_target(root)]:
        if any((target.model, target.adapter) == (known.model, known.adapter) for known in distinct.values()):
            raise InputError(f"'{target.label}' is named twice", hint="name each model once")
        label = _free_label(target, distinct)
        distinct[label] = replace(target, label=label)
    return list(distinct.values())


def _free_label(target: Target, taken: dict[str, Target]) -> str:
    names = [target.label, *([target.run.name] if target.run else [])]
    names += [f"{target.label}-{number}" for number in range(2, len(taken) + 3)]
    return next(name for name in names if name not in taken and name != BASELINE)


def _rivals(request: BenchRequest, tested: Sequence[Target]) -> tuple[list[Target], list[tuple[str, str]], list[str]]:
    """Finds what is compared with: further models to ask, pairs of labels, and notes."""
    known = {target.label: target for target in tested}
    rivals: dict[str, Target] = {}
    pairs: list[tuple[str, str]] = []
    notes: list[str] = []
    for name in dict.fromkeys(request.compare):
        for target in tested:
            if name == BASELINE and target.is_base:
                notes.append(f"{target.label} has no adapter: it is its own baseline, so there is nothing to compare")
                continue
            rival = _rival(name, target, request, {**known, **rivals})
            if rival.label == target.label:
                continue
            if rival.label not in known:
                rivals[rival.label] = rival
            pairs.append((target.label, rival.label))
    return list(rivals.values()), pairs, notes


def _rival(name: str, target: Target, request: BenchRequest, known: dict[str, Target]) -> Target:
    """Finds one model to compare with; one that is asked anyway keeps its label."""
    wanted = target.base(BASELINE) if name == BASELINE else find_target(name, request.runs_root, request.base)
    asked = ("model", "adapter", "prompt_format", "system")
    for one in known.values():
        if all(getattr(one, field) == getattr(wanted, field) for field in asked):
            return one
    if wanted.label not in known:
        return wanted
    return replace(wanted, label=_free_label(replace(wanted, label=f"{wanted.label} of {target.label}"), known))


def _style(request: BenchRequest, target: Target) -> Literal["direct", "trace"]:
    if request.style == "auto":
        return "trace" if target.answer_style == "trace" else "direct"
    return request.style


def _trained_run(request: BenchRequest, tested: Sequence[Target]) -> Run | None:
    """Opens the one finetune run that is benched: the bench is part of it, unless it was sent elsewhere."""
    if len(tested) != 1 or tested[0].run is None or (request.out is not None and not request.track):
        return None
    return Run.open(tested[0].run)


def _own_run(request: BenchRequest, tested: Sequence[Target], settings: Settings) -> Run | None:
    """Makes a run for a bench that has no place of its own, or that is tracked: trackers read a run folder."""
    if request.out is not None and not request.track:
        return None
    config = {name: value for name, value in asdict(request).items() if name not in _NOT_CONFIG}
    name = "-".join(["bench", *(target.label for target in tested)])
    return Run.create(request.runs_root, "bench", name, config | {"tracking": asdict(settings)})


def _written(request: BenchRequest, place: Run | None, result: BenchResult, rows: pa.Table) -> Benched:
    from sdp.reports.html import write_report

    folder = request.out
    if folder is None:
        root = place.path if place else request.runs_root
        folder = bench_folder(root / "bench", datetime.fromisoformat(result.created))
    save(folder, result, rows)
    write_report(asdict(result), rows, folder / REPORT)
    return Benched(result, folder, folder / ROWS, folder / REPORT)


def _style_notes(answered: Sequence[Answered], tasks: Sequence[Questions]) -> list[str]:
    """Warns where a model answers in another style than the references: then likelihoods are of little use."""
    notes = []
    for questions in tasks:
        references = _share_of_lines(questions.texts("completion"))
        others = [
            one.result.label
            for one in answered
            if abs(_share_of_lines(_outputs(one.rows, questions.task)) - references) > 0.5  # noqa: PLR2004  (half)
        ]
        if others:
            notes.append(
                f"{questions.task}: {', '.join(others)} and the references differ in whether letters come before the "
                "answer; exact match reads the last line and is fair, perplexity and bits per character are not"
            )
    return notes


def _outputs(rows: pa.Table, task: str) -> list[str]:
    import pyarrow.compute as pc

    outputs: list[Any] = rows.filter(pc.equal(rows["task"], pa.scalar(task)))["output"].to_pylist()
    return outputs


def _share_of_lines(texts: Sequence[str]) -> float:
    return sum("\n" in text.strip() for text in texts) / len(texts)
