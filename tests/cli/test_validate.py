"""`sdp validate`: what it says, and exit code 1 when something is wrong."""

import json
from pathlib import Path

import pytest
from tests.synthesis.made import make
from tests.workflows.test_validate import tamper

from sdp.cli.main import main


@pytest.fixture
def run(capsys):
    def _run(*args):
        code = main(["validate", *args])
        out, err = capsys.readouterr()
        return int(code), out, err

    return _run


def test_good_data(run):
    make(Path("data/spelling"))
    code, out, err = run()
    assert (code, err) == (0, "")
    first, *rest = out.splitlines()
    assert first.startswith("ok  data/spelling: 100 rows, checked for schema, oracle, uniqueness, split_purity, ")
    assert rest == []


def test_bad_data_is_told_on_stdout_and_ends_with_code_1(run):
    folder = make(Path("data/spelling"))
    row_id = tamper(folder, answer="x", completion="x")
    code, out, err = run("spelling")
    assert code == 1
    first, reason = out.splitlines()
    assert first.startswith("FAILED  data/spelling: 100 rows")
    assert reason.startswith("    1 rows: oracle: the oracle says '")
    assert reason.endswith(f"(such as {row_id})")
    assert err == "sdp: error: validation failed for data/spelling\n  try: --report report.html shows more\n"


def test_a_report_is_written_also_when_data_fails(run):
    tamper(make(Path("data/spelling")), answer="x", completion="x")
    code, out, err = run("--report", "report.html")
    assert code == 1
    assert out.endswith("\nreport: report.html\n")
    assert err.endswith("  try: see report.html\n")
    assert "oracle says" in Path("report.html").read_text()


def test_against(run):
    prompt = make(Path("data/spelling")).table("train")["prompt"][0].as_py()
    Path("good.csv").write_text("question\nWhat is this?\n")
    Path("bad.jsonl").write_text(json.dumps({"prompt": prompt}))
    assert run("--against", "good.csv")[0] == 0
    code, out, _ = run("--against", "good.csv", "--against", "bad.jsonl", "--json")
    (verdict,) = json.loads(out)["folders"]
    assert code == 1
    assert verdict["problems"][0].startswith("contamination: train: whole prompts")
    assert verdict["notes"]["contamination"] == ["compared with 2 questions of 2 evaluation files"]
    assert verdict["skipped"] == {}


def test_json(run):
    tamper(make(Path("data/count"), "count"), answer="x", completion="x")
    make(Path("data/spelling"))
    code, out, err = run("--json")
    found = json.loads(out)
    assert (code, found["ok"]) == (1, False)
    assert json.loads(err)["error"]["kind"] == "CheckFailed"
    verdicts = {verdict["task"]: verdict for verdict in found["folders"]}
    assert verdicts["spelling"]["rejected"] == {}
    assert list(verdicts["count"]["rejected"].values()) == [1]
    assert verdicts["count"]["n_rows"] == 100


@pytest.mark.parametrize(
    ("args", "what"),
    [
        ([], "there is no data set under 'data'"),
        (["spelling"], "there is no data set 'spelling'\n  at: data\n  try: make it with `sdp generate spelling`"),
        (["."], "holds no finished data set: it has no manifest.json"),
        (["--against", "nowhere.txt"], "there is no data set under 'data'"),
    ],
)
def test_bad_input(run, args, what):
    code, out, err = run(*args)
    assert (code, out) == (3, "")
    assert what in err


def test_a_missing_shard_is_input_not_a_failed_check(run):
    (make(Path("data/spelling")).path / "test-00000-of-00001.parquet").unlink()
    code, _, err = run()
    assert code == 3
    assert "shard 'test-00000-of-00001.parquet' is missing" in err


def test_an_evaluation_file_that_is_not_there_is_input(run):
    make(Path("data/spelling"))
    code, out, err = run("--against", "nowhere.jsonl")
    assert (code, out) == (3, "")
    assert "there is no such evaluation file\n  at: nowhere.jsonl" in err


def test_the_options_may_stand_in_the_file(run):
    make(Path("data/spelling"))
    Path("eval.jsonl").write_text('{"prompt": "What?"}')
    Path("sdp.toml").write_text('[validate]\nreport = "r.html"\nagainst = ["eval.jsonl"]\n')
    code, out, _ = run()
    assert code == 0
    assert "contamination" in out
    assert Path("r.html").is_file()
