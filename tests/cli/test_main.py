"""Every way a command can end: its message, its stream, its exit code."""

import json
import os
import signal
import subprocess
import sys

import pytest
import typer

from sdp import errors
from sdp.cli.main import main
from sdp.cli.options import JsonFlag, Quiet
from sdp.errors import (
    CheckFailed,
    ConfigError,
    ExitCode,
    InputError,
    MissingExtra,
    PluginError,
    ResourceError,
    SdpError,
    TemplateError,
)

CODES = {
    CheckFailed: 1,
    ConfigError: 3,
    InputError: 3,
    TemplateError: 3,
    PluginError: 4,
    MissingExtra: 5,
    ResourceError: 5,
    SdpError: 70,
}


@pytest.fixture
def fail(only_verbs, capsys):
    """Runs a verb that raises: fail(error, "--json") → code, stdout, stderr."""

    def _run(error, *args):
        def run(json: JsonFlag = False, quiet: Quiet = False) -> None:
            raise error

        only_verbs(work=run)
        code = main(["work", *args])
        return code, *capsys.readouterr()

    return _run


def test_every_error_has_its_code_here():
    kinds = {thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, SdpError)}
    assert set(CODES) == kinds


@pytest.mark.parametrize("kind", CODES)
def test_an_error_is_printed_whole_and_its_code_returned(fail, kind):
    error = kind("template uses an unknown field 'wrod'", where="position/ordinal.jinja:3", hint="fields are: word")
    assert fail(error) == (
        CODES[kind],
        "",
        "sdp: error: template uses an unknown field 'wrod'\n  at: position/ordinal.jinja:3\n  try: fields are: word\n",
    )


def test_what_is_not_known_is_left_out(fail):
    assert fail(InputError("no rows")) == (3, "", "sdp: error: no rows\n")


@pytest.mark.parametrize("kind", CODES)
def test_machines_get_one_object_on_stderr(fail, kind):
    code, out, err = fail(kind("what", where="here", hint="do"), "--json")
    assert out == ""
    fields = {"kind": kind.__name__, "what": "what", "where": "here", "hint": "do", "exit_code": CODES[kind]}
    assert json.loads(err) == {"error": fields}
    assert code == CODES[kind]


def test_usage_errors_are_printed_the_same_way(fail):
    code, out, err = fail(None, "--nope")
    assert (code, out) == (ExitCode.USAGE, "")
    assert err == "sdp: error: No such option: --nope\n  try: sdp work --help\n"


def test_a_bad_parameter_that_a_verb_finds_is_a_usage_error(fail):
    code, _, err = fail(typer.BadParameter("not both"))
    assert code == ExitCode.USAGE
    assert err.startswith("sdp: error: Invalid value: not both\n")


def test_any_other_exception_is_a_bug_without_a_traceback(fail):
    code, out, err = fail(ZeroDivisionError("division by zero"))
    assert (code, out) == (ExitCode.BUG, "")
    assert err.startswith("sdp: error: this is a bug in sdp: ZeroDivisionError: division by zero\n  at: ")
    assert "--debug" in err
    assert "Traceback" not in err


def test_of_an_error_with_several_lines_the_last_is_shown(fail):
    error = ValueError("first\nsecond")
    assert "this is a bug in sdp: ValueError: first\nsecond\n" in fail(error)[2]


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("error", [ZeroDivisionError("x"), InputError("x")])
def test_debug_shows_the_traceback_wherever_it_stands(only_verbs, capsys, error, place):
    def run() -> None:
        raise error

    only_verbs(work=run)
    main(["--debug", "work"] if place == "before" else ["work", "--debug"])
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize(("value", "shown"), [("1", True), ("0", False), ("", False)])
def test_debug_by_the_environment(fail, monkeypatch, value, shown):
    monkeypatch.setenv("SDP_DEBUG", value)
    assert ("Traceback" in fail(InputError("x"))[2]) is shown


def test_ctrl_c_is_no_error(fail):
    assert fail(KeyboardInterrupt()) == (ExitCode.INTERRUPTED, "", "sdp: interrupted\n")


def test_a_verb_may_choose_its_code(fail):
    assert fail(typer.Exit(5))[0] == 5


def test_done(only_verbs):
    def run() -> None:
        pass

    only_verbs(work=run)
    assert main(["work"]) == ExitCode.DONE == 0


def test_a_broken_pipe_that_is_not_stdout_is_a_bug(fail):
    code, _, err = fail(BrokenPipeError("worker"))
    assert code == ExitCode.BUG
    assert "BrokenPipeError" in err


WORK = """
import sys, time, types
from sdp.cli.main import main
from sdp.cli.table import VERBS, Verb

def run() -> None:
    {body}

module = types.ModuleType("work")
module.run = run
sys.modules["work"] = module
VERBS["work"] = Verb("work", "Work")
sys.exit(main(["work"]))
"""


def start(body):
    return subprocess.Popen(
        [sys.executable, "-c", WORK.format(body=body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )


LAST_WORDS = """
    try:
        print("ready", flush=True)
        time.sleep(60)
    finally:
        print("clean")
"""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, ExitCode.TERMINATED), (signal.SIGINT, ExitCode.INTERRUPTED)]
)
def test_a_signal_unwinds_and_has_its_code(number, code):
    process = start(LAST_WORDS)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert out == "clean\n"
    assert "Traceback" not in err
    assert process.returncode == code


def test_the_handler_of_the_caller_comes_back(fail):
    before = signal.getsignal(signal.SIGTERM)
    fail(InputError("x"))
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    "body",
    [
        "from sdp.cli.output import emit; emit(['x' * 99] * 99_999, as_json=True, render=str)",
        "import sdp.cli.output, rich.text; sdp.cli.output.emit('x' * 999_999, as_json=False, render=rich.text.Text)",
    ],
)
def test_a_reader_that_has_had_enough_is_no_error(body):
    process = start(body)
    process.stdout.readline(10)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 0
    assert err == ""
