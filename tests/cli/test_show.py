"""`sdp show`: a task at a glance, with and without data."""

import json
from pathlib import Path

import pytest
from tests.synthesis.made import make

from sdp.cli.main import main
from sdp.contract.rows import Row


@pytest.fixture
def run(capsys):
    def _run(*args):
        code = main(["show", *args])
        out, err = capsys.readouterr()
        return int(code), out, err

    return _run


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_without_data(run, task):
    code, out, err = run(task, "--rows", "3")
    assert (code, err) == (0, "")
    assert out.startswith(f"{task}: ")
    assert "held out of training" in out
    assert f"no data set yet, these were made now; `sdp generate {task}` makes one" in out


def test_with_data(run):
    folder = make(Path("data/spelling"))
    out = run("spelling", "--split", "train", "--rows", "2")[1]
    assert "rows of data/spelling: 80 train (floor" in out
    for row in folder.table("train").slice(0, 2).to_pylist():
        assert row["completion"] in out


def test_json_rows_are_rows(run):
    folder = make(Path("data/count"), "count", style="trace")
    code, out, _ = run("count", "--rows", "4", "--split", "validation", "--json")
    shown = json.loads(out)
    assert code == 0
    rows = [Row.model_validate(row) for row in shown["rows"]]
    assert [row.id for row in rows] == [f"{i:016x}" for i in folder.table("validation")["id"].to_pylist()[:4]]
    assert shown["splits"]["test"] == folder.manifest.splits["test"].model_dump()
    assert shown["folder"] == "data/count"
    assert json.loads(run("position", "--json")[1])["folder"] is None


@pytest.mark.parametrize(
    ("args", "code", "what"),
    [
        (["cuont"], 3, "unknown task 'cuont'\n  try: did you mean 'count'?"),
        (["count", "--rows", "0"], 2, "--rows"),
        (["count", "--split", "dev"], 2, "--split"),
        (["count", "--language", "xx"], 3, "no phrasings"),
        ([], 2, "Missing argument 'task'"),
    ],
)
def test_bad_input(run, args, code, what):
    found, out, err = run(*args)
    assert (found, out) == (code, "")
    assert what in err
