"""`sdp plugins new`: what it writes passes its own tests, from the sources and as an installed wheel."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plugins.fresh_environment import Environment

import sdp.api
from sdp.errors import InputError
from sdp.workflows.plugin_new import NewPluginRequest, new_plugin


def test_what_is_written_is_named_after_it():
    made = new_plugin(NewPluginRequest("word_chain"))
    assert (made.distribution, made.package) == ("sdp-word-chain", "sdp_word_chain")
    assert made.folder == Path("sdp-word-chain")
    assert {"README.md", "pyproject.toml", ".github/workflows/ci.yml"} < set(made.files)
    assert {"src/sdp_word_chain/word_chain.py", "tests/test_word_chain.py"} < set(made.files)
    assert "class WordChain(RowGenerator)" in (made.folder / "src/sdp_word_chain/word_chain.py").read_text()


def test_it_may_go_elsewhere(tmp_path):
    made = new_plugin(NewPluginRequest("rhyme", tmp_path / "mine"))
    assert (tmp_path / "mine" / "pyproject.toml").is_file()
    assert made.folder == tmp_path / "mine"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sdp-rhyme", "rhyme"),
        ("sdp_rhyme", None),
        ("Rhyme", "rhyme"),
        ("wordChain", "word_chain"),
        ("word-chain", "word_chain"),
        ("word chain", "word_chain"),
        ("word__chain", "word_chain"),
        ("rhyme_", "rhyme"),
        ("../rhyme", "rhyme"),
        ("a" * 41, "a" * 40),
    ],
)
def test_a_name_that_will_not_do_gets_the_near_one(name, meant):
    if meant is None:
        assert new_plugin(NewPluginRequest(name)).distribution == "sdp-sdp-rhyme"
        return
    with pytest.raises(InputError, match="a plugin cannot be called") as caught:
        new_plugin(NewPluginRequest(name))
    assert caught.value.hint.startswith(f"did you mean '{meant}'?")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("name", ["", "9lives", "été", "-", "日本"])
def test_a_name_with_nothing_near_says_what_one_is(name):
    with pytest.raises(InputError, match="a plugin cannot be called"):
        new_plugin(NewPluginRequest(name))


def test_a_word_of_python_is_refused():
    with pytest.raises(InputError, match="'class' is a word of Python"):
        new_plugin(NewPluginRequest("class"))


def test_the_name_of_a_project_s_files_is_refused():
    with pytest.raises(InputError, match="the package would be called sdp_project") as caught:
        new_plugin(NewPluginRequest("project"))
    assert caught.value.hint == "choose another name, such as project_task"
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(("name", "noun"), [("spelling", "task"), ("builtin", "plugin")])
def test_a_name_that_is_taken_is_refused(name, noun):
    with pytest.raises(InputError, match=f"there is a {noun} '{name}' already, of sdp"):
        new_plugin(NewPluginRequest(name))
    assert list(Path().iterdir()) == []


def test_a_folder_that_is_there_is_left_alone():
    Path("sdp-rhyme").mkdir()
    with pytest.raises(InputError, match="there is a folder 'sdp-rhyme' already"):
        new_plugin(NewPluginRequest("rhyme"))
    assert list(Path("sdp-rhyme").iterdir()) == []


AWKWARD = sorted({*(name.lower() for name in sdp.api.__all__ if name[0].isupper()), "true", "none", "random", "test"})


@pytest.mark.parametrize("name", AWKWARD)
def test_a_name_that_something_else_has_in_python_works(name):
    """`class Item(RowGenerator)` would hide the Item that its rows are made of."""
    made = new_plugin(NewPluginRequest(name))
    code = (
        f"import {made.package}\nfrom random import Random\n(task,) = {made.package}.sdp_generators()\n"
        "assert task().row(0, Random(0)).answer"
    )
    namespace = {}
    sys.path.insert(0, str(made.folder / "src"))
    try:
        exec(code, namespace)
    finally:
        sys.path.pop(0)


def test_the_code_is_as_a_linter_wants_it():
    made = new_plugin(NewPluginRequest("rhyme"))
    for words in (["check", "--select", "E,F,I,B,UP,W"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, "--isolated", "--no-cache", "--line-length", "120", "."]
        done = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_it_passes_its_own_tests_as_it_is():
    made = new_plugin(NewPluginRequest("rhyme"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout


@pytest.mark.slow
def test_a_stranger_s_steps(tmp_path):
    """Build the wheel, install it into a fresh environment, run its tests there without its sources, use it."""
    made = new_plugin(NewPluginRequest("rhyme"))
    environment = Environment(tmp_path / "venv")
    environment.run("python", "-m", "build", "--wheel", "--no-isolation", cwd=made.folder)
    (wheel,) = (made.folder / "dist").glob("*.whl")
    assert wheel.name == "sdp_rhyme-0.1.0-py3-none-any.whl"
    environment.install(wheel)
    alone = tmp_path / "alone"
    alone.mkdir()
    (made.folder / "tests").rename(alone / "tests")
    where = environment.run("python", "-c", "import sdp_rhyme; print(sdp_rhyme.__file__)", cwd=alone)
    assert where.startswith(str(tmp_path / "venv"))
    assert "passed" in environment.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=alone)
    listed = json.loads(environment.run("sdp", "plugins", "list", "--json", cwd=alone))["plugins"]
    (rhyme,) = [plugin for plugin in listed if plugin["name"] == "rhyme"]
    assert (rhyme["distribution"], rhyme["version"], rhyme["status"]) == ("sdp-rhyme", "0.1.0", "loaded")
    environment.run("sdp", "generate", "rhyme", "--n", "100", cwd=alone)
    assert json.loads((alone / "data/rhyme/manifest.json").read_text())["task"] == "rhyme"
    environment.run("sdp", "validate", "rhyme", cwd=alone)
    environment.run("sdp", "plugins", "check", "rhyme", cwd=alone)
