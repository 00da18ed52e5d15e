"""Parity: real runs of lm-eval and Inspect, offline, their logs scored here, row by row."""

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.exports import environments

from sdp.benchmarks.extraction import parse_rule
from sdp.benchmarks.metrics.exact_match import ExactMatch
from sdp.benchmarks.predictions.reading import read_predictions
from sdp.benchmarks.predictions.recorded import FieldNames
from sdp.models import resolve
from sdp.workflows.export import ExportRequest, export
from sdp.workflows.generate import GenerateRequest, generate
from sdp.workflows.score import ScoreRequest, score

LOGS = Path(__file__).resolve().parent / "logs"
TINY = Path(resolve.__file__).parent / "tiny"
N_ROWS = 200

THEIR_EXACT_MATCH = """
import json, sys
from lm_eval.api.registry import get_metric
metric = get_metric("exact_match")
for line in open(sys.argv[1]):
    said, right = json.loads(line)
    print(float(metric(predictions=[said], references=[right])["exact_match"]))
"""


def lm_eval(folder: Path, task: str) -> Path:
    """Runs the command on the tiny model and gives its sample log."""
    done = environments.run(
        "lm_eval", "-m", "lm_eval", "--model", "hf", "--model_args", f"pretrained={TINY},dtype=float32",
        "--tasks", task, "--include_path", ".", "--device", "cpu", "--batch_size", "16",
        "--log_samples", "--output_path", "out", cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (log,) = folder.glob("out/*/samples_*.jsonl")
    return log


def theirs(log: Path, log_filter: str) -> dict[str, float]:
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    return {row["doc"]["id"]: row["exact_match"] for row in rows if row["filter"] == log_filter}


def ours(*predictions: Path, **request) -> dict[str, float]:
    done = score(ScoreRequest(tuple(map(str, predictions)), **request))
    return {f"{row['id']:016x}": float(row["exact"]) for row in pq.read_table(done.rows).to_pylist()}


@pytest.mark.slow
def test_lm_eval_s_log_row_by_row(tmp_path):
    for name in ("letters.yaml", "reference.jsonl"):
        shutil.copy(LOGS / name, tmp_path)
    log = lm_eval(tmp_path, "letters")
    for log_filter in ("whole", "last-line"):
        names = FieldNames(log_filter=log_filter)
        assert ours(log, names=names, extract="verbatim") == theirs(log, log_filter)
    reference = [str(LOGS / "reference.jsonl")]
    assert ours(log, reference=reference) == theirs(log, "last-line")  # our own rule on what the model wrote
    (kept,) = read_predictions(str(next((LOGS / "tiny").iterdir())))
    (now,) = read_predictions(str(log))
    assert (now.outputs, now.names, now.references) == (kept.outputs, kept.names, kept.references)


@pytest.mark.slow
@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_our_exported_task_run_by_lm_eval_row_by_row(tmp_path, task):
    request = GenerateRequest(task, N_ROWS, out=tmp_path / "data" / task, ratios=(0.0, 0.0, 1.0))
    # The tiny model spells before it answers the other two: its references must leave it room for that.
    generate(request if task == "spelling" else replace(request, style="trace"))
    export(ExportRequest(str(tmp_path / "data" / task), "lm_eval", tmp_path / "task"))
    log = lm_eval(tmp_path / "task", f"sdp_{task}")
    found = ours(log, reference=[task])
    assert found == theirs(log, "strict")
    assert len(found) == N_ROWS
    assert 0 < sum(found.values()) < N_ROWS


def odd_pairs() -> list[tuple[str, str]]:
    """Predictions right, nearly right and wrong, with every kind of white space, case and mark around them."""
    made = random.Random(0)
    around = ("", "", "", " ", "\n", "\t", "\u00a0", "\u3000", "\u200b", ".", "'", "The ")
    answers = ("a", "A", "3", "13", "s-t-r-a-w", "s-t-r-w", "é", "e\u0301", "ß", "ss", "İ", "-", "the", "an a", "\x0b")
    return [
        (made.choice(around) + made.choice(answers) + made.choice(around), made.choice(answers)) for _ in range(4000)
    ]


@pytest.mark.slow
def test_lm_eval_s_exact_match_on_odd_predictions_row_by_row(tmp_path):
    pairs = odd_pairs()
    (tmp_path / "pairs.jsonl").write_text("".join(f"{json.dumps(pair)}\n" for pair in pairs))
    (tmp_path / "theirs.py").write_text(THEIR_EXACT_MATCH)
    done = environments.run("lm_eval", "theirs.py", "pairs.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    values = [float(line) for line in done.stdout.splitlines()]
    said, right = zip(*pairs, strict=True)
    assert ExactMatch(parse_rule("verbatim")).rows(said, right).tolist() == values
    assert 0 < sum(values) < len(values)
    stripped = ExactMatch(parse_rule("as-is")).rows(said, right)
    differ = [pair for pair, one, other in zip(pairs, stripped, values, strict=True) if one != other]
    assert differ
    assert all(one.strip() == other.strip() for one, other in differ)  # white space at the ends, and nothing else


@pytest.mark.slow
def test_inspect_s_logs_in_both_formats(tmp_path):
    reference = LOGS / "reference.jsonl"
    done = environments.run("inspect", LOGS / "make_inspect_logs.py", reference, tmp_path / "logs", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for log_format in ("json", "eval"):
        (made,) = (tmp_path / "logs" / log_format).iterdir()
        (now,) = read_predictions(str(made))
        (kept,) = read_predictions(str(LOGS / f"inspect.{log_format}"))
        assert (now.outputs, now.names, now.references) == (kept.outputs, kept.names, kept.references)
        assert now.label == "mockllm/model"
