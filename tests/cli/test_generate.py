"""`sdp generate` as people use it: what it says, what it refuses, and what a kill leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import psutil
import pytest
from tests.plugins.conftest import MIRROR, write_distribution
from tests.synthesis import plugins
from tests.synthesis.made import contents, plug_in

from sdp.cli.main import main
from sdp.data.dataset import TaskFolder
from sdp.errors import ExitCode
from sdp.plugins import manager

FEW = ("--words", "wordfreq:en:600")


@pytest.fixture
def run(capsys):
    """Runs the command in this process: run("generate", …) → exit code, stdout, stderr."""

    def _run(*args):
        code = main(["generate", *args])
        out, err = capsys.readouterr()
        return int(code), out, err

    return _run


def test_it_says_what_it_wrote_and_then_that_it_is_there(run):
    code, out, err = run("spelling", "--n", "101", *FEW)
    assert (code, err) == (0, "")
    first, floor, example = out.splitlines()
    assert first == "wrote 101 distinct rows of spelling in data/spelling (81 train, 10 validation, 10 test)"
    assert floor.startswith("floor, always guessing the commonest answer: ")
    row = TaskFolder.open(Path("data/spelling")).table("train").slice(0, 1).to_pylist()[0]
    assert example == f"example: {row['prompt'].replace(chr(10), ' ⏎ ')} → {row['completion']!r}"
    code, again, _ = run("spelling", "--n", "101", *FEW)
    assert code == 0
    assert again == out.replace("wrote", "verified")


def test_json_is_one_object_that_equals_the_manifest(run):
    code, out, err = run("count", "--n", "50", "--json", "--style", "trace", *FEW)
    made = json.loads(out)
    manifest = TaskFolder.open(Path("data/count")).manifest
    assert (code, err) == (0, "")
    assert made["fingerprint"] == manifest.fingerprint
    assert made["rows"] == {"train": 40, "validation": 5, "test": 5}
    assert made["floors"] == {split: facts.floor for split, facts in manifest.splits.items()}
    assert (made["folder"], made["task"], made["made"], made["n_rejects"]) == ("data/count", "count", True, 0)
    assert json.loads(run("count", "--n", "50", "--json", "--style", "trace", *FEW)[1]) == made | {"made": False}


def test_options_reach_the_data(run):
    Path("words.txt").write_text("straw\ngarden\nteacher\nriver\n")
    args = ("--out", "here", "--seed", "4", "--words", "file:words.txt", "--ratios", "1,0,0", "--n", "12", "-q")
    assert run("position", *args)[0] == 0
    settings = TaskFolder.open(Path("here")).manifest.settings
    assert settings["seed"] == 4
    assert settings["ratios"] == [1.0, 0.0, 0.0]
    assert settings["words"] == "file:words.txt"


@pytest.mark.parametrize(
    ("args", "code", "what"),
    [
        (["speling"], 3, "unknown task 'speling'\n  try: did you mean 'spelling'?"),
        (["spelling", "--n", "0"], 2, "--n"),
        (["spelling", "--n", "-3"], 2, "--n"),
        (["spelling", "--n", "many"], 2, "--n"),
        (["count", "--n", "99999999999999"], 3, "rows were asked for, the capacity is"),
        (["spelling", "--ratios", "1,2"], 3, "ratios are three numbers"),
        (["spelling", "--ratios", "a,b,c"], 3, "ratios are numbers"),
        (["spelling", "--ratios", "nan,0,1"], 3, "share out nothing"),
        (["spelling", "--ratios", "-1,1,1"], 3, "share out nothing"),
        (["spelling", "--style", "both"], 2, "--style"),
        (["spelling", "--seed", "-1"], 2, "--seed"),
        (["spelling", "--workers", "-1"], 2, "--workers"),
        (
            ["spelling", "--noise", "cases"],
            3,
            "there is no noise called 'cases'\n  at: --noise\n  try: did you mean 'case'?",
        ),
        (
            ["spelling", "--strata", "hyphen"],
            3,
            "has no stratum 'hyphen'\n  at: strata\n  try: did you mean 'hyphens'?",
        ),
        (
            ["spelling", "--balance", "lenth"],
            3,
            "cannot be balanced by 'lenth'\n  at: --balance\n  try: did you mean 'leng",
        ),
        (["spelling", "--balance", "tokens"], 3, "tokens are counted by a tokenizer\n  at: --balance tokens"),
        (["spelling", "--difficulty", "harder"], 2, "--difficulty"),
        (["spelling", "--templates", "nowhere"], 3, "nowhere"),
        (["spelling", "--train", "-1"], 2, "--train"),
        (["spelling", "--train", "5", "--n", "5"], 3, "rows are given per split, or as --n with --ratios"),
        (["spelling", "--test", "5", "--ratios", "1,0,0"], 3, "rows are given per split, or as --n with --ratios"),
        (["spelling", "--train", "0", "--test", "0"], 3, "cannot make 0 rows"),
        (["spelling", "--recipe", "nowhere.yaml"], 3, "cannot read the recipe: No such file"),
        (
            ["spelling", "-o", "dificulty=hard"],
            3,
            "a data recipe has no 'dificulty'\n  at: -o\n  try: did you mean 'diff",
        ),
        (["spelling", "-o", "n=many"], 3, "n is a whole number, not 'many'"),
        (["spelling", "-o", "domain.letters=e"], 3, "spelling has no domain setting 'letters'"),
        (["position", "-o", "domain.base=1"], 3, "try: did you mean 'bases'?"),
        (["spelling", "--out", "s4://bucket/x"], 3, "s4"),
        (["spelling", "--dry-run", "--n", "99999999999999"], 3, "the capacity is"),
        (["spelling", "--words", "words.txt"], 3, "file:PATH"),
        (["spelling", "--words", "file:words.txt"], 3, "cannot read words from 'words.txt': No such file"),
        (["spelling", "--words", "wordfreq:enn"], 3, "did you mean 'en'?"),
        (["spelling", "--language", "xx"], 3, "no phrasings for 'spelling' in language 'xx'"),
        (["spelling", "--out", "."], 3, "holds the working folder"),
        (["spelling", "--out", "x" * 300], 5, "File name too long"),
        (["spelling", "--out", "taken/spelling"], 5, "cannot write to 'taken/spelling'"),
        (["spelling", "--out", "taken"], 3, "'taken' is a file"),
        (["spelling", "--out", "full"], 3, "'full' is there and is no data set: it holds 'mine.txt'"),
        (["spelling", "--out", "full", "--overwrite"], 3, "'full' is there and is no data set"),
        ([], 3, "which task?"),
    ],
)
def test_bad_input(run, args, code, what):
    Path("taken").write_text("")
    Path("full").mkdir()
    Path("full/mine.txt").write_text("mine")
    found, out, err = run(*args)
    assert found == code
    assert err.startswith("sdp: error: ")
    assert what in err
    assert "Traceback" not in err
    assert out == ""
    assert sorted(path.name for path in Path().rglob("*")) == ["full", "mine.txt", "taken"]


def test_another_data_set_is_refused_with_the_difference_and_the_way_out(run):
    run("spelling", "--n", "20", *FEW)
    code, _, err = run("spelling", "--n", "30", *FEW)
    assert code == 3
    assert "'data/spelling' holds another data set: n was 20, now 30" in err
    assert "--overwrite" in err
    assert run("spelling", "--n", "30", "--overwrite", *FEW)[0] == 0


def test_a_changed_shard_is_named(run):
    run("spelling", "--n", "20", *FEW)
    path = Path("data/spelling/test-00000-of-00001.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    code, _, err = run("spelling", "--n", "20", *FEW)
    assert code == 3
    assert "shard 'test-00000-of-00001.parquet' was changed" in err


LIMITED = """
import resource, signal, sys
from sdp.cli.main import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.exit(main(sys.argv[1:]))
"""


def test_a_disk_that_takes_no_more_ends_with_code_5_and_the_same_command_goes_on(run):
    args = ["generate", "spelling", "--n", "3000", "-q", *FEW]
    done = subprocess.run([sys.executable, "-c", LIMITED, *args], capture_output=True, text=True, check=False)
    assert done.returncode == 5, done.stderr
    assert "File too large" in done.stderr
    assert "free some space" in done.stderr
    assert not Path("data/spelling").exists()
    assert run(*args[1:])[0] == 0


@pytest.mark.slow
def test_hash_seed_workers_and_locale_have_no_say(sdp):
    for number, workers, locale in (("1", "1", "C"), ("2", "2", "tr_TR.UTF-8"), ("3", "3", "de_DE")):
        args = ("generate", "count", "--n", "300", "--out", number, "--workers", workers, *FEW)
        done = sdp(*args, PYTHONHASHSEED=number, LC_ALL=locale)
        assert done.returncode == 0, done.stderr
    assert contents(Path("1")) == contents(Path("2")) == contents(Path("3"))


def test_the_real_command_makes_a_plugin_s_open_task_with_any_number_of_workers(sdp, tmp_path):
    site = tmp_path / "site"
    project = tomllib.loads((MIRROR / "pyproject.toml").read_text())["project"]
    write_distribution(site, project["name"], project["entry-points"]["sdp"], project["version"])
    (site / "sdp_mirror.py").write_text((MIRROR / "sdp_mirror.py").read_text())
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    for workers in ("1", "2"):
        args = ("generate", "mirror", "--n", "300", "--out", workers, "--workers", workers)
        done = sdp(*args, PYTHONPATH=path)
        assert done.returncode == 0, done.stderr
    assert contents(Path("1")) == contents(Path("2"))


MANY = ("generate", "spelling", "--n", "1200000", "-q")
"""Two shards of training rows: after the first one there is something to keep, and something to do."""
FIRST_MARKER = Path("data/.spelling.unfinished/parts/train-00000-of-00002.parquet.json")


def start(*args):
    """Starts the real command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "sdp", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(path, process):
    """Polls until a file is there; fails when the process ends before."""
    for _ in range(3_000):
        if path.exists():
            return
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    raise AssertionError(f"{path} did not appear in a minute")


@pytest.mark.slow
def test_a_kill_in_the_middle_leaves_nothing_that_looks_complete_and_is_made_good(sdp):
    process = start(*MANY)
    wait_for(FIRST_MARKER, process)
    process.kill()
    process.communicate()
    assert not Path("data/spelling").exists()
    for verb in (["validate"], ["export", "spelling"]):
        refused = sdp(*verb)
        assert refused.returncode == 3
        assert "there is no data set" in refused.stderr
    assert "no data set yet" in sdp("show", "spelling").stdout
    other = sdp(*MANY, "--seed", "1")
    assert other.returncode == 3
    assert "is the beginning of another data set: seed was 0, now 1" in other.stderr
    assert sdp(*MANY).returncode == 0
    assert sdp(*MANY, "--out", "undisturbed").returncode == 0
    assert contents(Path("data/spelling")) == contents(Path("undisturbed"))
    assert [path.name for path in Path("data").iterdir()] == ["spelling"]


@pytest.mark.slow
def test_workers_end_with_a_process_that_was_killed():
    process = start(*MANY, "--workers", "2")
    wait_for(Path("data/.spelling.unfinished/request.json"), process)
    children = []
    while len(children) < 2:  # the other worker, and Python's own tracker of resources
        assert process.poll() is None, process.stderr.read()
        children = psutil.Process(process.pid).children()
        time.sleep(0.05)
    process.kill()
    process.communicate()  # ends when nobody holds the pipes any more
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_and_termination(workers, number, code):
    process = start(*MANY, "--workers", workers)
    wait_for(Path("data/.spelling.unfinished/request.json"), process)
    time.sleep(0.3)
    # A terminal sends Ctrl-C to the whole group; a cluster ends the process that it started.
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code
    assert "Traceback" not in err
    assert out == ""
    assert not Path("data/spelling").exists()


@pytest.mark.parametrize(
    ("kind", "code", "what"),
    [
        (plugins.Mirror, ExitCode.DONE, ""),
        (plugins.Raising, ExitCode.PLUGIN, "raising: row 7: IndexError: list index out of range"),
        (plugins.Moody, ExitCode.PLUGIN, "give every row the same fields"),
        (plugins.Ten, ExitCode.INPUT, "distinct ones"),
    ],
)
def test_a_plugin_s_fault_is_the_plugin_s_and_no_bug_of_sdp(monkeypatch, run, kind, code, what):
    plug_in(monkeypatch, generators=[kind])
    found, _, err = run(kind.name, "--n", "40")
    monkeypatch.undo()
    manager.load.cache_clear()
    assert found == code
    assert what in err
    assert "bug in sdp" not in err
