"""`sdp export`: what it says and refuses."""

import json
from pathlib import Path

import pytest
from tests.synthesis.made import make

from sdp.cli.main import main


@pytest.fixture
def run(capsys):
    def _run(*args):
        code = main(["export", *args])
        out, err = capsys.readouterr()
        return int(code), out, err

    return _run


def test_jsonl_by_default(run):
    make(Path("data/spelling"))
    assert run("spelling") == (0, "wrote 100 rows as jsonl in exports/spelling-jsonl (3 files)\n", "")
    assert len(Path("exports/spelling-jsonl/train.jsonl").read_text().splitlines()) == 80


def test_json(run):
    make(Path("data/spelling"))
    code, out, _ = run("data/spelling", "--to", "csv", "--out", "here", "--json")
    assert code == 0
    assert json.loads(out) == {
        "folder": "here",
        "format": "csv",
        "files": ["here/train.csv", "here/validation.csv", "here/test.csv"],
        "n_rows": 100,
    }


@pytest.mark.parametrize(
    ("args", "code", "what"),
    [
        (["spelling", "--to", "jsnl"], 3, "unknown format 'jsnl'\n  try: did you mean 'jsonl'?"),
        (["count"], 3, "there is no data set 'count'"),
        (["spelling", "--out", "taken"], 3, "'taken' is there already"),
        (["spelling", "--out", "taken", "--overwrite"], 3, "'taken' is a file"),
        (["spelling", "--out", "taken/here"], 5, "cannot write to 'taken/here'"),
        (["spelling", "--out", "data", "--overwrite"], 3, "which this export would not write"),
        ([], 2, "Missing argument 'data'"),
    ],
)
def test_bad_input(run, args, code, what):
    make(Path("data/spelling"))
    Path("taken").write_text("")
    found, out, err = run(*args)
    assert (found, out) == (code, "")
    assert what in err
    assert Path("data/spelling/manifest.json").is_file()
    assert sorted(path.name for path in Path().iterdir()) == ["data", "taken"]
