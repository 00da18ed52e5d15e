"""sdp plugins, as a process."""

import json
import re
from pathlib import Path

import pytest

from sdp.cli.main import main
from sdp.cli.plugin_tables import check_tables
from sdp.errors import ExitCode
from sdp.testing import Outcome
from sdp.workflows.plugin_check import CheckedThing, CheckResult

HERE = Path(__file__).parents[1] / "testing"


def test_list_is_what_it_does_alone(capsys):
    def listed(*words):
        assert main(["plugins", *words, "--json"]) == ExitCode.DONE
        return [plugin["name"] for plugin in json.loads(capsys.readouterr().out)["plugins"]]

    assert listed() == listed("list") == ["builtin"]


def test_show(capsys):
    assert main(["plugins", "show", "count"]) == ExitCode.DONE
    text = capsys.readouterr().out
    assert "generator count, version 1" in text
    assert "settings domain.letters=…" in re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["show"], "sdp plugins show NAME: a plugin, or a task, check, score or format"),
        (["check"], "a .py file, or a package's folder"),
        (["new"], "sdp plugins new NAME"),
        (["list", "count"], "sdp plugins show count"),
        (["check", "speling"], "did you mean 'spelling'?"),
    ],
)
def test_a_name_that_is_missing_or_wrong(words, hint, capsys):
    assert main(["plugins", *words]) == ExitCode.INPUT
    assert hint in capsys.readouterr().err


def test_what_cannot_be_loaded_is_a_plugin_error(capsys):
    Path("broken_one.py").write_text("import nothing_of_that_name\n")
    assert main(["plugins", "check", "broken_one.py"]) == ExitCode.PLUGIN
    assert "No module named 'nothing_of_that_name'" in capsys.readouterr().err


def test_new_writes_a_package(capsys):
    assert main(["plugins", "new", "rhyme", "--out", "mine"]) == ExitCode.DONE
    assert Path("mine/pyproject.toml").is_file()
    assert "sdp plugins check" in capsys.readouterr().out


@pytest.mark.slow
def test_check_of_a_sound_task(sdp):
    done = sdp("plugins", "check", str(HERE / "sound" / "insert.py"), "--n", "60", "--json")
    assert done.returncode == ExitCode.DONE, done.stderr
    result = json.loads(done.stdout)
    assert result["n_failed"] == 0
    assert {outcome["verdict"] for thing in result["things"] for outcome in thing["outcomes"]} == {"ok"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(file.stem for file in (HERE / "broken").glob("*.py")))
def test_check_of_a_broken_task_says_what_where_and_how(sdp, name):
    done = sdp("plugins", "check", str(HERE / "broken" / f"{name}.py"), "--n", "60")
    assert done.returncode == ExitCode.CHECK_FAILED
    assert re.search(rf"failed +[a-z ]+\S.*?at: \S*{name}\.py:\d+.*?try: ", done.stdout, re.DOTALL)
    assert re.search(r"sdp: error: \d of 23 checks failed", done.stderr)


@pytest.mark.slow
def test_everything_built_in_passes(sdp):
    done = sdp("plugins", "check", "builtin")
    assert done.returncode == ExitCode.DONE, done.stdout
    assert "no check failed" in done.stdout


@pytest.mark.slow
def test_the_extension_package_passes_where_it_lies(sdp):
    done = sdp("plugins", "check", str(HERE.parent / "plugin_package"))
    assert done.returncode == ExitCode.DONE, done.stdout


def shown(*things):
    from rich.console import Console

    outcomes = [outcome for thing in things for outcome in thing.outcomes]
    failed = sum(outcome.verdict == "failed" for outcome in outcomes)
    console = Console(width=100)
    with console.capture() as capture:
        console.print(check_tables(CheckResult("some", "some.py", things, len(outcomes), failed)))
    return capture.get()


OK = Outcome("does_its_work", "It works", "ok", note="3 results")
FAST = Outcome("says_how_fast_it_is", "Rows per second", "ok", note="1,234 rows/s, 200 rows")
FAILED = Outcome("travels", "It travels", "failed", what="it cannot", where="a.py:3", hint="let it")
WARNED = Outcome("declares_itself", "It declares", "warned", what="old", where="a.py:1", hint="renew it")


def test_few_things_are_shown_case_by_case():
    text = shown(CheckedThing("metrics", "one", "a.py:1", (OK, FAILED, FAST)))
    assert "ok       does its work" in text
    assert re.search(r"failed +travels +it cannot\s+at: a\.py:3\s+try: let it", text)
    assert "some: 1 of 3 checks failed (2 ok, 0 without anything to ask)" in text


def test_of_many_things_only_what_is_wrong_is_shown_case_by_case():
    sound = [CheckedThing("metrics", f"m{number}", "a.py:1", (OK, FAST)) for number in range(4)]
    text = shown(*sound, CheckedThing("metrics", "bad", "a.py:9", (OK, FAILED, WARNED)))
    assert text.count("does its work") == 0
    assert re.search(r"metric +m2 +2 +0 +0 +1,234", text)
    assert "try: let it" in text
    assert "try: renew it" in text
