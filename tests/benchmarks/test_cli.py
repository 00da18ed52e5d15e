"""`sdp bench` as a command."""

import json
import shutil
from pathlib import Path

import pytest
from tests.benchmarks.conftest import save_run

from sdp.cli.main import main
from sdp.errors import ExitCode

QUICK = ["--limit", "5", "--device", "cpu", "--quiet"]


@pytest.fixture
def run(data_root, model_folder, tmp_path) -> Path:
    shutil.copytree(data_root, tmp_path / "data")
    return save_run(Path("runs"), model_folder)


def test_json_is_the_bench_result_and_its_files(run, capsys):
    assert main(["bench", "--compare", "baseline", "--json", *QUICK]) == ExitCode.DONE
    found = json.loads(capsys.readouterr().out)
    assert {"created", "models", "comparisons", "settings", "data", "claim", "notes"} <= set(found)
    assert [model["label"] for model in found["models"]] == ["baseline", "spelling"]
    assert Path(found["rows"]).is_file()
    assert Path(found["report"]).is_file()
    assert Path(found["folder"], "metrics.json").is_file()


def test_the_table_names_tasks_verdicts_and_the_report(run, capsys):
    assert main(["bench", "--compare", "baseline", *QUICK]) == ExitCode.DONE
    out = capsys.readouterr().out
    for text in ("spelling", "position", "count", "baseline", "no significant difference", "report.html"):
        assert text in out


def test_limit_zero_takes_all_rows(run, capsys):
    assert main(["bench", "--json", "--data", "count", "--limit", "0", "--device", "cpu", "--quiet"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["data"][0]["rows_used"] == 40


def test_models_and_comparisons_may_be_repeated(run, model_folder, capsys):
    words = ["--model", str(model_folder), "--run", run.name, "--compare", "baseline", "--data", "count", "--json"]
    assert main(["bench", *words, *QUICK]) == ExitCode.DONE
    found = json.loads(capsys.readouterr().out)
    assert [model["label"] for model in found["models"]] == ["random", "spelling"]
    assert [(row["label"], row["against"]) for row in found["comparisons"]] == [("spelling", "random")]


def worse(*args, **kwargs):
    from dataclasses import replace

    from sdp.benchmarks.compare import compare

    return [replace(row, verdict="worse") for row in compare(*args, **kwargs)]


@pytest.mark.parametrize(("flags", "code"), [([], ExitCode.DONE), (["--fail-if-worse"], ExitCode.CHECK_FAILED)])
def test_a_regression_fails_only_when_asked_to(run, monkeypatch, capsys, flags, code):
    monkeypatch.setattr("sdp.workflows.bench.compare", worse)
    assert main(["bench", "--compare", "baseline", "--data", "count", *flags, *QUICK]) == code
    assert ("significantly worse: count" in capsys.readouterr().err) == bool(flags)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--run", "nothing"], ExitCode.INPUT, "there is no run 'nothing'"),
        (["--model", "./odd"], ExitCode.INPUT, "neither a run nor an adapter nor a model"),
        (["--model", "somebody/something"], ExitCode.MISSING, "cannot be reached"),
        (["--data", "nothing"], ExitCode.INPUT, "there is no data set 'nothing'"),
        (["--limit", "-1"], ExitCode.USAGE, "--limit"),
        (["--style", "loud"], ExitCode.USAGE, "--style"),
    ],
)
def test_bad_input_says_what_and_exits_with_its_code(run, capsys, words, code, said):
    Path("odd").mkdir()
    assert main(["bench", *words, "--quiet"]) == code
    assert said in capsys.readouterr().err
