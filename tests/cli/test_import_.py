"""`sdp import`: what it says and refuses."""

import json
from pathlib import Path

import pytest
from tests.importing.elsewhere import PAIRS, write

from sdp.cli.main import main


@pytest.fixture
def run(capsys):
    def _run(*args):
        code = main(["import", *args])
        out, err = capsys.readouterr()
        return int(code), out, err

    return _run


def test_everything_is_said(run):
    write("a.jsonl", [*PAIRS, PAIRS[0], {"question": "x?", "answer": None}])
    code, out, err = run("a.jsonl", "--as", "odd")
    assert (code, err) == (0, "")
    assert out.splitlines()[:11] == [
        "a.jsonl: jsonl, shape question_answer",
        "  prompt ← question",
        "  answer ← answer",
        "convert: 202 records in, 201 rows out",
        "  1 × no answer",
        "normalise: 201 in, 201 out",
        "filter: 201 in, 201 out",
        "deduplicate: 201 in, 200 out",
        "  1 × the same row occurs before",
        "split: 200 in, 200 out",
        "validate: 200 in, 200 out",
    ]
    assert out.splitlines()[11].startswith("wrote 200 rows of odd in data/odd (")
    assert "left out: 2; rejects.parquet says which and why, with file and line" in out
    assert run("a.jsonl", "--as", "odd")[1].splitlines()[11].startswith("verified 200 rows of odd in data/odd (")


def test_json(run):
    write("a.jsonl")
    code, out, err = run("a.jsonl", "--as", "odd", "--out", "here", "--json", "--augment", "case")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["folder"], found["made"], found["n_rejects"]) == ("here", True, 0)
    assert [step["step"] for step in found["steps"]] == [
        "convert",
        "normalise",
        "filter",
        "deduplicate",
        "split",
        "validate",
        "augment",
    ]
    assert found["files"][0]["mapping"] == {"prompt": "question", "answer": "answer"}


def test_dry_run(run):
    write("a.jsonl")
    code, out, _ = run("a.jsonl", "--as", "odd", "--dry-run")
    assert code == 0
    assert out.splitlines()[-1] == "nothing was written"
    assert "splits: hash" in out
    assert not Path("data").exists()
    assert json.loads(run("a.jsonl", "--as", "odd", "--dry-run", "--json")[1])["rows"][1]["answer"] == "yes"


def test_validate_fails_with_exit_code_1(run):
    write("train.jsonl", [{"question": "one?", "answer": "1"}])
    write("test.jsonl", [{"question": "one?", "answer": "I"}])
    code, out, err = run("train.jsonl", "test.jsonl", "--as", "odd", "--validate")
    assert code == 1
    assert "validated: FAILED" in out
    assert err.startswith("sdp: error: validation failed")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["a.jsonl", "--as", "odd", "--prompt", "qestion"], "did you mean 'question'"),
        (["a.jsonl", "--as", "odd", "--only", "filtre"], "did you mean 'filter'"),
        (["a.jsnl", "--as", "odd"], "did you mean 'a.jsonl'"),
        (["a.jsonl", "--as", "odd", "--augment-share", "0", "--augment", "case"], "augment_share"),
    ],
)
def test_refused(run, args, said):
    write("a.jsonl")
    code, out, err = run(*args)
    assert (code, out) == (3, "")
    assert said in err


def test_the_task_has_to_be_named(run):
    assert run("a.jsonl")[0] == 2


def test_a_line_of_two_gigabytes_is_refused_at_once(sdp):
    with Path("big.jsonl").open("wb") as file:
        file.write(b'{"question": "fine?", "answer": "yes"}\n')
        file.truncate(2 << 30)  # sparse: it takes no space
    done = sdp("import", "big.jsonl", "--as", "odd")
    assert done.returncode == 3
    assert done.stderr == (
        "sdp: error: the line is longer than 64 MB\n  at: big.jsonl:2\n"
        "  try: is it one JSON document? then --format json; else raise --max-line-mb\n"
    )
