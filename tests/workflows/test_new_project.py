"""`sdp new`: a study's folder whose parts all run."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sdp.errors import InputError
from sdp.plugins.project import SUFFIXES, read_project
from sdp.workflows.new_project import FOLDERS, NewProjectRequest, new_project


def sdp(*words, cwd, check=True):
    command = [sys.executable, "-m", "sdp", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture
def study():
    return new_project(NewProjectRequest(Path("my-study"))).folder


def test_it_has_the_folders_that_its_owner_thinks_in(study):
    assert {path.name for path in study.iterdir() if path.is_dir()} == set(FOLDERS)
    assert all(any(path.is_file() for path in (study / folder).rglob("*")) for folder in FOLDERS)
    assert {"pyproject.toml", "sdp.toml", "README.md", ".gitignore"} <= {path.name for path in study.iterdir()}
    assert tomllib.loads((study / "pyproject.toml").read_text())["project"]["name"] == "my-study"


def test_every_file_that_could_be_listed_is(study):
    project = read_project(study)
    assert {one.key for one in project.listed} == set(SUFFIXES)
    assert list(project.unlisted()) == []
    assert all(one.is_there for one in project.listed)


@pytest.mark.parametrize(
    ("name", "meant"), [("My-Study", "my-study"), ("my study", "my-study"), ("my--study", "my-study"), ("études", None)]
)
def test_a_name_that_will_not_do_gets_the_near_one(name, meant):
    with pytest.raises(InputError, match="a project cannot be called") as caught:
        new_project(NewProjectRequest(Path(name)))
    assert (f"did you mean '{meant}'?" in caught.value.hint) == bool(meant)
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_where_one_stands_is_no_new_folder(name):
    with pytest.raises(InputError, match="a project cannot be called"):
        new_project(NewProjectRequest(Path(name)))


@pytest.mark.parametrize("name", ["json", "sdp", "numpy", "tests", "generators", "letters", "sdp_project"])
def test_a_name_that_python_or_sdp_has_already_is_refused(name):
    """The package in src/ is called as the project: `src/json` would be imported in place of the real one."""
    with pytest.raises(InputError, match="already") as caught:
        new_project(NewProjectRequest(Path(name)))
    assert caught.value.hint == f"choose another name, such as {name}-study"
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("name", ["class", "lambda"])
def test_a_word_of_python_is_refused(name):
    """`import class` is no Python."""
    with pytest.raises(InputError, match=f"'{name}' is a word of Python") as caught:
        new_project(NewProjectRequest(Path(name)))
    assert caught.value.hint == f"choose another name, such as {name}-study"
    assert list(Path().iterdir()) == []


def test_a_folder_that_is_there_is_left_alone():
    Path("my-study").mkdir()
    with pytest.raises(InputError, match="there is a folder 'my-study' already"):
        new_project(NewProjectRequest(Path("my-study")))
    assert list(Path("my-study").iterdir()) == []


def test_the_code_is_as_a_linter_wants_it(study):
    for words in (["check", "--select", "E,F,I,B,UP,W"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, "--isolated", "--no-cache", "--line-length", "120", "."]
        done = subprocess.run(command, cwd=study, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_command_shows_what_it_made_and_what_to_type_next(tmp_path):
    done = sdp("new", "my-study", cwd=tmp_path)
    assert "generators/backwards.py" in done.stdout
    assert "sdp bench --suite my_study" in done.stdout
    found = json.loads(sdp("new", "other", "--json", cwd=tmp_path).stdout)
    assert (found["name"], found["package"], found["folder"]) == ("other", "other", "other")
    taken = sdp("new", "other", cwd=tmp_path, check=False)
    assert taken.returncode == 3
    assert taken.stderr.startswith("sdp: error: there is a folder 'other' already\n")


@pytest.mark.slow
def test_every_part_runs(study):
    """The task with two processes, its check, its phrasings, its suite, an export."""
    listed = json.loads(sdp("plugins", "list", "--json", cwd=study).stdout)["plugins"]
    own = {plugin["name"]: plugin["status"] for plugin in listed if plugin["name"].startswith("project:")}
    assert len(own) == 4
    assert set(own.values()) == {"loaded"}
    sdp("generate", "backwards", "--workers", "2", cwd=study)
    assert json.loads((study / "data/backwards/manifest.json").read_text())["settings"]["n"] == 5000
    assert "prompt_length" in sdp("validate", "backwards", cwd=study).stdout
    sdp("export", "backwards", cwd=study)
    assert list((study / "exports" / "backwards-jsonl").glob("*.jsonl"))
    words = ("--suite", "my_study", "--limit", "8", "--device", "cpu", "--json")
    bench = json.loads(sdp("bench", *words, cwd=study).stdout)
    assert bench["settings"]["suite"]["name"] == "my_study"
    assert set(bench["models"][0]["tasks"]) == {"backwards", "spelling"}
    assert {task["rows_used"] for task in bench["data"]} == {8}


@pytest.mark.slow
def test_it_passes_its_own_tests_as_it_is(study):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=study, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
