"""`sdp export`: what it says and refuses."""

import json
from pathlib import Path

import pytest
from tests.exports import hub_server
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
        "left_out": {},
        "pushed": None,
    }


def test_format_is_another_name_of_to(run):
    make(Path("data/spelling"))
    assert run("spelling", "--format", "qa")[1] == "wrote 100 rows as qa in exports/spelling-qa (3 files)\n"


def test_rows_that_do_not_fit_are_told(run):
    make(Path("data/spelling"))
    code, out, _ = run("spelling", "--format", "tokenized", "--tokenizer", "tiny", "--max-length", "30")
    n = int(out.split()[1])
    assert (code, 0 < n < 100) == (0, True)
    assert out.splitlines()[1] == f"left out {100 - n} rows: longer than 30 tokens"


def test_a_push(run, monkeypatch):
    from huggingface_hub import constants

    make(Path("data/spelling"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_TOKEN", hub_server.TOKEN)
    with hub_server.serving() as hub:
        code, out, err = run("spelling", "--push-to-hub", "letters", "--hub-url", hub.url)
        assert (code, err) == (0, "")
        assert out.startswith("pushed 6 files, 0.1 MB, ")
        code, out, _ = run("spelling", "--push-to-hub", "letters", "--hub-url", hub.url, "--json")
        assert json.loads(out)["pushed"]["changed"] is False
        assert hub_server.TOKEN not in out


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
        (["spelling", "--to", "mesages"], 3, "unknown format 'mesages'\n  try: did you mean 'messages'?"),
        (["spelling", "--to", "tokenized"], 3, "token ids of which model?\n  at: --tokenizer"),
        (["spelling", "--to", "tokenized", "--tokenizer", "data"], 3, "'data' is not a tokenizer folder"),
        (["spelling", "--to", "tokenized", "--tokenizer", "taken"], 3, "tokenizer 'taken' is a file"),
        (
            ["spelling", "--to", "tokenized", "--tokenizer", "tiny", "--max-length", "0"],
            2,
            "greater than or equal to 1",
        ),
        (["spelling", "--to", "tokenized", "--tokenizer", "tiny", "--max-length", "2"], 3, "all 100 rows are longer"),
        (["spelling", "--to", "tokenized", "--tokenizer", "tiny", "--prompt-format", "chat"], 3, "no chat template"),
        (["spelling", "--tokenizer", "tiny"], 3, "the format 'jsonl' has no use for it"),
        (["spelling", "--to", "trl", "--prompt-format", "alpaca"], 2, "'alpaca' is not one of 'auto'"),
        (["spelling", "--private"], 3, "--private was given, and nothing goes to a hub"),
        (["spelling", "--hub-url", "http://127.0.0.1:9"], 3, "--hub-url was given"),
        (["spelling", "--push-to-hub", "a b"], 3, "'a b' cannot be the name of a repository"),
        (["spelling", "--push-to-hub", "a"], 5, "the hub wants to know who you are\n  at: HF_TOKEN"),
        (["spelling", "--push-to-hub", "a", "--out", "b"], 3, "add --to FORMAT"),
        (["spelling", "--push-to-hub", "a", "--to", "qa", "--out", "s3://b/c"], 3, "one place at a time"),
        (["spelling", "--push-to-hub", "a", "--system", "S"], 3, "the data set goes up as it is"),
        (["spelling", "--out", "ftp://x/y"], 3, "unknown kind of store 'ftp://'"),
        (["memory://nothing/here"], 3, "holds no finished data set"),
    ],
)
def test_bad_input(run, args, code, what, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    make(Path("data/spelling"))
    Path("taken").write_text("")
    found, out, err = run(*args)
    assert (found, out) == (code, "")
    assert what in err
    assert Path("data/spelling/manifest.json").is_file()
    Path("exports").mkdir(exist_ok=True)
    Path("exports").rmdir()  # at most an empty folder
    assert sorted(path.name for path in Path().iterdir()) == ["data", "taken"]
