"""`sdp bench --suite`: found by file or name, checked before a model is loaded, asked as it says."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sdp.benchmarks.suite import builtin_suites
from sdp.data.manifest import Manifest
from sdp.errors import ConfigError, InputError, SdpError
from sdp.plugins import manager
from sdp.progress import SILENT
from sdp.workflows.suites import find_suite, suite_questions

SMALL = "words: wordfreq:en:600"
MINE = f"""name: mine
limit: 8
tasks:
  - task: spelling
    n: 12
    {SMALL}
  - task: count
    n: 9
    seed: 4
    {SMALL}
"""


@pytest.fixture(autouse=True)
def _fresh():
    manager.load.cache_clear()
    yield
    manager.load.cache_clear()


@pytest.fixture
def project():
    """Makes the working folder a project that lists suites: project(mine=text)."""

    def _project(**texts):
        Path("benchmarks").mkdir()
        for stem, text in texts.items():
            Path("benchmarks", f"{stem}.yaml").write_text(text)
        listed = json.dumps([f"benchmarks/{stem}.yaml" for stem in texts])
        Path("sdp.toml").write_text(f'[project]\nname = "study"\nbenchmarks = {listed}\n')

    return _project


def refusal(text):
    Path("mine.yaml").write_text(text)
    with pytest.raises(SdpError) as caught:
        find_suite("mine.yaml")
    return caught.value


def test_a_file_a_project_s_own_and_a_built_in_one_are_found(project):
    Path("mine.yml").write_text(MINE)
    assert find_suite("mine.yml").file == "mine.yml"
    project(mine=MINE)
    assert find_suite("mine") == find_suite("benchmarks/mine.yaml")
    assert find_suite("letters").name == "letters"


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [("leters", "did you mean 'letters'? suites are: letters, mine"), ("zzz", "suites are: letters, mine; a file is")],
)
def test_a_name_that_nothing_has_gets_the_near_one(project, wanted, hint):
    project(mine=MINE)
    with pytest.raises(InputError, match=f"there is no suite '{wanted}'") as caught:
        find_suite(wanted)
    assert caught.value.hint.startswith(hint)


def test_a_file_that_merely_lies_there_is_not_found_by_name(project):
    project(mine=MINE)
    Path("benchmarks/yours.yaml").write_text(MINE.replace("mine", "yours"))
    with pytest.raises(InputError, match="there is no suite 'yours'"):
        find_suite("yours")


def test_a_broken_one_stops_only_itself(project):
    project(mine=MINE, broken="name: broken\n")
    assert find_suite("mine").name == "mine"
    with pytest.raises(ConfigError, match="a suite needs 'tasks'"):
        find_suite("broken")


@pytest.mark.parametrize("taken", ["mine", "letters"])
def test_two_of_one_name_are_an_error_that_names_both(project, taken):
    project(mine=MINE, other=MINE.replace("name: mine", f"name: {taken}"))
    with pytest.raises(ConfigError, match=f"two suites are called '{taken}'") as caught:
        find_suite(taken)
    assert caught.value.where.endswith("other.yaml")


@pytest.mark.parametrize(
    ("entry", "what", "hint"),
    [
        ("task: speling", "unknown task 'speling'", "did you mean 'spelling'?"),
        ("task: spelling\n    words: wordfrek:en", "unknown source of words 'wordfrek:en'", "did you mean 'wordfreq'?"),
        ("task: spelling\n    balance: lenght", "spelling cannot be balanced by 'lenght'", "did you mean 'length'?"),
        ("task: count\n    domain: {letter: [e]}", "count has no domain setting 'letter'", "did you mean 'letters'?"),
        ("task: spelling\n    language: xx", "there are no phrasings for 'spelling' in language 'xx'", ""),
        ("data: nowhere", "there is no data set 'nowhere'", "sdp generate nowhere"),
        ("task: position", "the task 'position' is there twice", "mine.yaml:3"),
    ],
)
def test_what_an_entry_names_must_be_there(entry, what, hint):
    error = refusal(f"name: mine\ntasks:\n  - task: position\n    {SMALL}\n  - {entry}\n")
    assert error.what.startswith(what)
    assert error.where == "mine.yaml:5"
    assert hint in error.hint


def test_data_without_test_rows_is_refused():
    from sdp.workflows.generate import GenerateRequest, generate

    generate(GenerateRequest("spelling", 20, ratios=(1.0, 0.0, 0.0), words="wordfreq:en:600"))
    error = refusal("name: mine\ntasks:\n  - data: data/spelling\n")
    assert (error.what, error.where) == ("'data/spelling' has no test rows", "mine.yaml:3")


def test_questions_are_made_as_the_entries_say_and_of_held_out_words_only():
    Path("mine.yaml").write_text(MINE)
    found = suite_questions(find_suite("mine.yaml"), "direct", 8, 1, SILENT)
    assert {questions.task: questions.table.num_rows for questions in found.tasks} == {"spelling": 8, "count": 8}
    for task, n, seed in (("spelling", 12, 1), ("count", 9, 4)):
        manifest = Manifest.load(Path("data/suites/mine", task))
        assert (manifest.settings["n"], manifest.settings["seed"]) == (n, seed)
        assert set(manifest.splits) == {"test"}


def test_they_are_made_once_and_anew_when_the_suite_changes():
    Path("mine.yaml").write_text(MINE)
    suite_questions(find_suite("mine.yaml"), "direct", None, 0, SILENT)
    shard = next(Path("data/suites/mine/spelling").glob("*.parquet"))
    before = shard.stat().st_mtime_ns
    suite_questions(find_suite("mine.yaml"), "direct", None, 0, SILENT)
    assert shard.stat().st_mtime_ns == before
    Path("mine.yaml").write_text(MINE.replace("n: 12", "n: 13"))
    suite_questions(find_suite("mine.yaml"), "direct", None, 0, SILENT)
    assert pq.read_metadata(shard).num_rows == 13


def test_data_that_lies_there_is_asked_as_it_is():
    from sdp.workflows.generate import GenerateRequest, generate

    generate(GenerateRequest("spelling", 50, words="wordfreq:en:600"))
    Path("mine.yaml").write_text("name: mine\ntasks: [data/spelling]\n")
    found = suite_questions(find_suite("mine.yaml"), "direct", None, 0, SILENT)
    assert found.tasks[0].source["folder"] == "data/spelling"
    assert not Path("data/suites").exists()


@pytest.mark.parametrize("name", builtin_suites())
def test_what_comes_with_sdp_can_be_asked(name):
    assert find_suite(name).tasks


def test_nothing_is_loaded_for_a_suite_that_will_not_do():
    """Looked up in a fresh process: torch takes seconds."""
    Path("mine.yaml").write_text("name: mine\ntasks:\n  - spelling\n  - speling\n")
    code = (
        "import sys\nfrom sdp.cli.main import main\n"
        "code = main(['bench', '--suite', 'mine.yaml'])\nprint(code, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "3 False\n"
    assert done.stderr.startswith("sdp: error: unknown task 'speling'\n  at: mine.yaml:4\n  try: did you mean")


def test_a_suite_and_data_are_one_too_many(capsys):
    from sdp.cli.main import main

    assert main(["bench", "--suite", "letters", "--data", "spelling"]) == 3
    assert "a suite says what is asked, and so does --data" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(("words", "limit"), [([], 8), (["--limit", "5"], 5)])
def test_the_bench_asks_it_and_the_command_line_beats_it(project, words, limit):
    project(mine=MINE)
    command = [sys.executable, "-m", "sdp", "bench", "--suite", "mine", "--device", "cpu", "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["settings"]["suite"] == {"name": "mine", "file": "benchmarks/mine.yaml"}
    assert {one["task"]: one["rows_used"] for one in found["data"]} == {"spelling": limit, "count": limit}
