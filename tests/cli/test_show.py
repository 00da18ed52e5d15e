"""`sdp show`: a task at a glance, with and without data."""

import json
from pathlib import Path

import pytest
from tests.data import filled
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


def test_a_sample_is_a_table_of_all_splits(run):
    folder = make(Path("data/position"), "position", 200)
    code, out, err = run("position", "--sample", "20")
    assert (code, err) == (0, "")
    head = next(number for number, line in enumerate(out.splitlines()) if line.startswith("split"))
    lines = out.splitlines()[head + 1 :]
    assert [line.split()[0] for line in lines[:20]] == ["train"] * 16 + ["validation"] * 2 + ["test"] * 2
    rows = [row for split in folder.manifest.splits for row in folder.table(split).to_pylist()]
    for line in lines[:20]:
        word = line.replace("◆", " ").split()[1]
        assert any(f" {row['answer']} " in line for row in rows if row["key"] == word)
    assert out == run("position", "--sample", "20", "--seed", "0")[1]
    assert out != run("position", "--sample", "20", "--seed", "1")[1]


def test_stats(run):
    folder = make(Path("data/count"), "count")
    splits = {split: filled.split_facts(facts.rows) for split, facts in folder.manifest.splits.items()}
    folder.manifest.model_copy(update={"splits": splits, "rejects": {"oracle: no": 3}}).save(folder.path)
    code, out, err = run("data/count", "--stats")
    assert (code, err) == (0, "")
    for text in ("Kinds of question", "Commonest answers", "oracle: no", folder.manifest.fingerprint, "█"):
        assert text in out
    assert "prompt" not in out  # rows only if they are asked for
    assert "prompt" in run("count", "--stats", "--sample", "2")[1]
    assert "prompt" in run("count", "--stats", "--rows", "2")[1]


def test_stats_as_json(run):
    folder = make(Path("data/count"), "count", style="trace")
    shown = json.loads(run("count", "--stats", "--json")[1])
    manifest = folder.manifest.model_dump(mode="json")
    assert shown["rows"] == []
    assert shown["splits"] == manifest["splits"]
    for name in ("settings", "words", "phrasings", "rejects", "packages", "fingerprint", "shards"):
        assert shown["stats"][name] == manifest[name]
    assert "stats" not in json.loads(run("count", "--json")[1])


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
    assert len(json.loads(run("count", "--sample", "13", "--json")[1])["rows"]) == 13


def test_options_come_from_sdp_toml_as_well(run):
    Path("sdp.toml").write_text('[show]\nsample = 3\nsplit = "validation"\n')
    assert [row["split"] for row in json.loads(run("count", "--json")[1])["rows"]] == ["validation"] * 3
    Path("sdp.toml").write_text('[show]\nsplit = "dev"\n')
    code, _, err = run("count")
    assert code == 3
    assert "'split' of 'show' cannot be 'dev'" in err


def test_a_real_process_in_a_pipe(sdp):
    done = sdp("show", "count", "--sample", "4", PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "split" in done.stdout


@pytest.mark.parametrize(
    ("args", "code", "what"),
    [
        (["cuont"], 3, "unknown task 'cuont'\n  try: did you mean 'count'?"),
        (["nowhere/count"], 3, "there is no folder 'nowhere/count'"),
        (["count", "--stats"], 3, "there is no data set 'count'"),
        (["count", "--rows", "0"], 2, "--rows"),
        (["count", "--sample", "0"], 2, "--sample"),
        (["count", "--split", "dev"], 2, "--split"),
        (["count", "--language", "xx"], 3, "no phrasings"),
        ([], 2, "Missing argument 'task'"),
    ],
)
def test_bad_input(run, args, code, what):
    found, out, err = run(*args)
    assert (found, out) == (code, "")
    assert what in err
