"""flag > environment > sdp.toml > default, and nothing wrong passes in silence."""

import json
from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer

from sdp.cli.main import main
from sdp.cli.options import JsonFlag, Overrides, Seed
from sdp.cli.output import emit
from sdp.cli.settings import load_settings
from sdp.errors import ConfigError


def make(  # noqa: PLR0917  (Typer calls it by name)
    task: Annotated[str, typer.Argument()] = "spelling",
    n: Annotated[int, typer.Option("--n", min=1)] = 100,
    seed: Seed = 0,
    rate: Annotated[float, typer.Option("--rate")] = 0.5,
    style: Annotated[Literal["direct", "trace"], typer.Option("--style")] = "direct",
    out: Annotated[Path | None, typer.Option("--out")] = None,
    max_new: Annotated[bool, typer.Option("--max-new")] = False,
    overrides: Overrides = None,
    as_json: JsonFlag = False,
) -> None:
    del as_json
    shown = {"task": task, "n": n, "seed": seed, "rate": rate, "style": style, "out": out, "max_new": max_new}
    emit(shown | {"overrides": overrides}, as_json=True, render=str)


def look(seed: Seed = 0, json: JsonFlag = False) -> None:
    emit({"seed": seed}, as_json=True, render=str)


@pytest.fixture(autouse=True)
def _verbs(only_verbs):
    from sdp.cli.config import run

    only_verbs(make=make, look=look, config=run)


@pytest.fixture
def run(capsys):
    def _run(*args):
        code = main(args)
        out, err = capsys.readouterr()
        assert code == 0, err
        return json.loads(out)

    return _run


@pytest.fixture
def toml(tmp_path):
    return (tmp_path / "sdp.toml").write_text


def refusal(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    return caught.value


def test_every_level_beats_the_one_below(run, toml, monkeypatch):
    assert run("make")["n"] == 100
    toml("[make]\nn = 50\n")
    assert run("make")["n"] == 50
    monkeypatch.setenv("SDP_MAKE_N", "20")
    assert run("make")["n"] == 20
    assert run("make", "--n", "10")["n"] == 10


def test_the_level_decides_even_if_the_value_is_the_default(run, toml):
    toml("[make]\nn = 50\n")
    assert run("make", "--n", "100")["n"] == 100


def test_shared_defaults_reach_every_verb_that_has_the_option(run, toml):
    toml("[defaults]\nseed = 7\nn = 3\n[make]\nn = 4\n")
    assert run("look") == {"seed": 7}
    assert run("make")["seed"] == 7
    assert run("make")["n"] == 4


def test_every_type_comes_through(run, toml):
    toml(
        '[make]\nrate = 1\nstyle = "trace"\nout = "there"\nmax_new = true\noverride = ["a.b=1", "c=2"]\n',
    )
    got = run("make")
    assert got["rate"] == 1.0
    assert (got["style"], got["out"], got["max_new"]) == ("trace", "there", True)
    assert got["overrides"] == ["a.b=1", "c=2"]


def test_one_value_will_do_for_a_list(run, toml):
    toml('[make]\noverride = "a.b=1"\n')
    assert run("make")["overrides"] == ["a.b=1"]


def test_every_type_comes_through_the_environment(run, monkeypatch):
    for name, value in {"RATE": "1", "STYLE": "trace", "OUT": "x", "MAX_NEW": "1", "OVERRIDE": "a=1 b=2"}.items():
        monkeypatch.setenv(f"SDP_MAKE_{name}", value)
    got = run("make")
    assert (got["rate"], got["style"], got["out"], got["max_new"]) == (1.0, "trace", "x", True)
    assert got["overrides"] == ["a=1", "b=2"]


def test_the_variable_is_named_after_the_flag(run, toml, monkeypatch):
    # The Python parameter of --json is called as_json here.
    monkeypatch.setenv("SDP_MAKE_JSON", "true")
    run("make")
    monkeypatch.setenv("SDP_MAKE_AS_JSON", "true")
    assert main(["make"]) == 3


def test_an_empty_variable_is_none(run, monkeypatch):
    monkeypatch.setenv("SDP_MAKE_N", "")
    monkeypatch.setenv("SDP_MAKE_NONE_SUCH", "")
    assert run("make")["n"] == 100


def test_only_the_working_folder_counts(run, tmp_path, toml, monkeypatch):
    toml("[make]\nn = 50\n")
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert run("make")["n"] == 100


def test_no_file_is_no_settings(tmp_path):
    assert load_settings(tmp_path).default_map("make") == {}


@pytest.mark.parametrize(
    ("text", "what", "line", "hint"),
    [
        ("[make]\nn = = 5\n", "sdp.toml is not TOML", 2, None),
        ("[make]\nn = [1,\n", "sdp.toml is not TOML", 2, None),
        ("\n[mak]\nn = 5\n", "unknown verb 'mak'", 2, "did you mean 'make'?"),
        ("[make]\nseed = 1\nsed = 5\n", "'make' has no option 'sed'", 3, "did you mean 'seed'?"),
        ("[defaults]\nsed = 5\n", "no verb has an option 'sed'", 2, "did you mean 'seed'?"),
        ("[defaults]\n\nseed = 'x'\n", "'seed' of 'make' cannot be 'x'", 3, "it must be an integer"),
        ("seed = 5\n", "'seed' stands outside a table", 1, "put it into [defaults]"),
        ("make = 5\n", "'make' must be a table", 1, "write [make] on a line of its own"),
        ("[make]\nn = 'many'\n", "'n' of 'make' cannot be 'many'", 2, "it must be an integer"),
        ("[make]\nn = '50'\n", "'n' of 'make' cannot be '50'", 2, "it must be an integer"),
        ("[make]\nn = true\n", "'n' of 'make' cannot be true", 2, "it must be an integer"),
        ("[make]\nn = 1.5\n", "'n' of 'make' cannot be 1.5", 2, "it must be an integer"),
        ("[make]\nn = 0\n", "'n' of 'make' cannot be 0", 2, "it must be an integer, at least 1"),
        ("[make]\nrate = 'fast'\n", "'rate' of 'make' cannot be 'fast'", 2, "it must be a number"),
        ("[make]\nmax_new = 1\n", "'max_new' of 'make' cannot be 1", 2, "it must be true or false"),
        ("[make]\nstyle = 'long'\n", "'style' of 'make' cannot be 'long'", 2, 'it must be one of "direct", "trace"'),
        ("[make]\nout = 3\n", "'out' of 'make' cannot be 3", 2, "it must be a path, as a string"),
        ("[make]\noverride = 1\n", "'override' of 'make' cannot be [1]", 2, "it must be a list, each a string"),
        (
            "[make]\noverride = [\n  1,\n]\n",
            "'override' of 'make' cannot be [1]",
            2,
            "it must be a list, each a string",
        ),
        ("[make]\n[make.n]\nx = 1\n", "'n' of 'make' cannot be {'x': 1}", 2, "it must be an integer"),
        ("[make]\ntask = 'count'\n", "'make' has no option 'task'", 2, None),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path, toml, text, what, line, hint):
    toml(text)
    error = refusal(tmp_path)
    assert error.what.startswith(what)
    assert error.where == f"sdp.toml:{line}"
    assert hint is None or hint in error.hint


PROJECT = '[project]\nname = "a"\n'


@pytest.mark.parametrize(
    ("text", "what", "line", "hint"),
    [
        ("[projekt]\nname = 'a'\n", "unknown verb 'projekt'", 1, "did you mean 'project'?"),
        ("project = 5\n", "'project' must be a table", 1, "write [project]"),
        ("[make]\nn = 5\n\n[project]\n", "a project needs a name", 4, "my-study"),
        (PROJECT + "generator = ['a.py']\n", "[project] has no 'generator'", 3, "did you mean 'generators'?"),
        (
            PROJECT + "\ngenerators = [\n  '../a.py',\n]\n",
            "'../a.py' in generators cannot be used: it leads",
            4,
            "inside",
        ),
        (PROJECT + "[project.generators]\na = 1\n", "'generators' must be a list of paths", 3, "mirror.py"),
    ],
)
def test_a_bad_project_is_refused_with_its_line(tmp_path, toml, text, what, line, hint):
    toml(text)
    error = refusal(tmp_path)
    assert error.what.startswith(what)
    assert error.where == f"sdp.toml:{line}"
    assert hint in error.hint


def test_a_project_is_no_verb_and_changes_no_option(run, toml):
    toml(PROJECT + "generators = ['generators/a.py']\n[defaults]\nseed = 7\n[make]\nn = 5\n")
    assert (run("make")["n"], run("look")["seed"]) == (5, 7)
    toml(PROJECT + "[make]\nn = 5\n")
    assert run("make")["n"] == 5


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "sdp.toml").write_bytes(b"\xff\xfe")
    assert "cannot be read" in refusal(tmp_path).what


def test_a_bad_table_of_another_verb_is_refused_too(toml, capsys):
    toml("[make]\nsed = 1\n")
    assert main(["look"]) == 3
    assert capsys.readouterr().err.startswith("sdp: error: 'make' has no option 'sed'\n  at: sdp.toml:2\n  try: ")


@pytest.mark.parametrize(
    ("name", "value", "what", "hint"),
    [
        ("SDP_MAKE_SED", "1", "unknown option in the environment: SDP_MAKE_SED", "did you mean 'SDP_MAKE_SEED'?"),
        ("SDP_MAKE_N", "many", "'n' of 'make' cannot be 'many'", "it must be an integer"),
        ("SDP_MAKE_N", "0", "'n' of 'make' cannot be '0'", "it must be an integer, at least 1"),
        ("SDP_MAKE_STYLE", "long", "'style' of 'make' cannot be 'long'", '"direct", "trace"'),
        ("SDP_MAKE_MAX_NEW", "perhaps", "'max_new' of 'make' cannot be 'perhaps'", "it must be true or false"),
    ],
)
def test_a_bad_variable_is_refused_by_name(tmp_path, monkeypatch, name, value, what, hint):
    monkeypatch.setenv(name, value)
    error = refusal(tmp_path)
    assert error.what.startswith(what)
    assert error.where == name
    assert hint in error.hint


@pytest.mark.parametrize("name", ["SDP_PLUGINS", "SDP_REQUIRE_ALL", "SDP_DEBUG", "SDP_TEST_HF_HOME", "PATH"])
def test_other_variables_are_not_ours_to_judge(tmp_path, monkeypatch, name):
    plain = load_settings(tmp_path)
    monkeypatch.setenv(name, "1")
    assert load_settings(tmp_path).default_map("make") == plain.default_map("make")


def test_config_show_names_every_origin(run, toml, monkeypatch):
    toml("[defaults]\nseed = 7\n[make]\nn = 50\n")
    monkeypatch.setenv("SDP_MAKE_RATE", "0.25")
    shown = {(row["verb"], row["option"]): row for row in run("config", "show", "--json")["settings"]}
    assert shown["make", "n"] == {
        "verb": "make",
        "option": "n",
        "value": 50,
        "origin": "sdp.toml",
        "variable": "SDP_MAKE_N",
    }
    origins = {key: (row["value"], row["origin"]) for key, row in shown.items()}
    assert origins["make", "rate"] == (0.25, "environment")
    assert origins["make", "seed"] == (7, "sdp.toml")
    assert origins["look", "seed"] == (7, "sdp.toml")
    assert origins["make", "style"] == ("direct", "default")
    assert origins["make", "override"][1] == "default"
    assert origins["config", "json"] == (True, "flag")


def test_config_show_is_a_table_for_people(capsys, toml):
    toml("[make]\nn = 50\n")
    assert main(["config", "show"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["make", "n", "50", "sdp.toml"] in rows
    assert ["look", "seed", "0", "default"] in rows
