"""`sdp verify` as people use it: a verdict, an exit code, and where the difference is."""

import json
from pathlib import Path

import pytest
from tests.synthesis.made import make

from sdp.cli.main import main
from sdp.data.manifest import Manifest
from sdp.errors import ExitCode

FIRST = "train-00000-of-00002.parquet"


@pytest.fixture
def run(capsys):
    """Runs the command in this process: run("spelling", …) → exit code, stdout, stderr."""

    def _run(*args):
        code = main(["verify", *args])
        out, err = capsys.readouterr()
        return code, out, err

    return _run


@pytest.fixture
def folder():
    return make(Path("data/count"), "count", 100, rows_per_shard=50).path


def test_the_same_by_folder_and_by_task(run, folder):
    for name in ("count", "data/count"):
        code, out, err = run(name)
        assert (code, err) == (ExitCode.DONE, "")
        assert out == "same: 100 rows in 4 shards of data/count, compared with what its settings make\n"


def test_a_sample_says_how_much_it_was(run, folder):
    code, out, _ = run("count", "--sample", "60", "--seed", "1")
    assert code == 0
    rows = int(out.split(":")[1].split()[0])
    assert 60 <= rows < 110


def test_a_difference_is_exit_code_1_and_says_which_shard(run, folder):
    path = folder / FIRST
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    code, out, err = run("count", "--workers", "1")
    assert code == ExitCode.CHECK_FAILED
    assert out.splitlines()[0].startswith("DIFFERENT: 100 rows")
    assert f"    shard '{FIRST}' was changed after it was written" in out
    assert err.startswith("sdp: error: 'data/count' is not the same")


def test_json_is_one_object(run, folder):
    code, out, _ = run("count", "--json")
    assert code == 0
    assert json.loads(out) == {
        "folder": "data/count", "against": None, "ok": True, "rows": 100, "shards": 4, "faults": [],
    }  # fmt: skip


def test_two_data_sets_are_compared(run, folder):
    make(Path("data/copy"), "count", 100, rows_per_shard=50)
    code, out, _ = run("count", "--against", "copy")
    assert (code, out) == (0, "same: 100 rows in 4 shards of data/count, compared with those of data/copy\n")
    make(Path("other"), "count", 100, rows_per_shard=50, seed=3)
    code, out, _ = run("count", "--against", "other")
    assert code == 1
    assert "seed was 0 there and is 3 in the other" in out


@pytest.mark.parametrize(
    ("args", "code", "what"),
    [
        (["coutn"], 3, "there is no data set 'coutn'\n  at: data\n  try: did you mean 'count'?"),
        (["count", "--against", "nowhere"], 3, "there is no data set 'nowhere'"),
        (["count", "--sample", "0"], 2, "--sample"),
        (["count", "--workers", "0"], 2, "--workers"),
        (["memory://bucket/none"], 3, "holds no finished data set"),
        (["s4://bucket/none"], 3, "s4"),
        ([], 2, "folder"),
    ],
)
def test_bad_input(run, folder, args, code, what):
    found, out, err = run(*args)
    assert found == code
    assert what in err
    assert "Traceback" not in err
    assert out == ""


def test_what_cannot_be_made_here_says_why(run, folder):
    manifest = Manifest.load(folder)
    other = {"fingerprint": "0" * 16, "packages": manifest.packages | {"regex": "1"}}
    manifest.model_copy(update=other).save(folder)
    code, _, err = run("count")
    assert code == ExitCode.INPUT
    assert "'data/count' cannot be made again here" in err
    assert "regex was 1" in err


def test_the_real_command_with_two_workers(sdp, folder):
    done = sdp("verify", "count", "--workers", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("same: 100 rows")
