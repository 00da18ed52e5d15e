import json
import logging
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest

from sdp.errors import ConfigError
from sdp.runs.folder import Run
from sdp.runs.logs import LEVELS, LOG, logged, logger, stderr_level


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run.create(tmp_path, "finetune", "x", {})


def lines(run: Run) -> list[dict]:
    return [json.loads(line) for line in (run.path / LOG).read_text().splitlines()]


def said(run: Run) -> list[str]:
    return [line["event"] for line in lines(run)]


def test_every_line_has_the_run_s_id_whoever_wrote_it(run, monkeypatch):
    shown = []
    monkeypatch.setattr(warnings, "showwarning", lambda *warning: shown.append(str(warning[0])))
    theirs = logging.getLogger("somebody.else")
    closed = logging.getLogger("closed")
    closed.propagate = False
    with logged(run):
        logger("sdp.here").info("ours", step=3)
        theirs.warning("theirs, %d %%", 5)
        closed.warning("of a library that keeps to itself")
        thread = threading.Thread(target=logger("sdp.there").warning, args=("from a thread",))
        thread.start()
        thread.join()
        warnings.showwarning(UserWarning("odd"), UserWarning, "x.py", 7)  # as Python calls it
        run.event("alert", alert="nan", step=3, text="loss is not a number")
    assert {line["run"] for line in lines(run)} == {run.path.name}
    assert {"time", "level", "logger"} <= set.intersection(*(set(line) for line in lines(run)))
    assert said(run)[1:-1] == [
        "ours", "theirs, 5 %", "of a library that keeps to itself", "from a thread", "odd", "alert",
    ]  # fmt: skip
    assert next(line for line in lines(run) if line["event"] == "ours")["step"] == 3
    assert shown == ["odd"]


def test_libraries_are_heard_from_warnings_up(run):
    theirs = logging.getLogger("somebody.else")
    with logged(run):
        theirs.info("chatter")
        theirs.error("trouble")
    assert "trouble" in said(run)
    assert "chatter" not in said(run)


def test_losses_are_for_those_who_ask_for_more(run, monkeypatch, capsys):
    with logged(run):
        run.event("train", step=1, loss=0.5)
    assert "train" not in said(run)
    monkeypatch.setenv("SDP_LOG", "debug")
    with logged(run):
        run.event("train", step=1, loss=0.5)
    assert "train" in said(run)
    assert "loss=0.5" in capsys.readouterr().err


def test_stderr_is_quiet_unless_asked(run, monkeypatch, capsys):
    with logged(run):
        logger("sdp.x").error("in the file")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("SDP_LOG", "INFO")
    with logged(run):
        logger("sdp.x").info("on the screen", step=3)
    err = capsys.readouterr().err
    assert "on the screen" in err
    assert f"run={run.path.name}" in err


def test_warnings_of_libraries_stay_on_stderr(run, capsys):
    """Python shows them only as long as nobody else listens."""
    with logged(run):
        logging.getLogger("somebody.else").warning("look out")
    assert capsys.readouterr().err == "look out\n"


def test_an_end_that_is_an_error_is_logged_and_passes(run):
    with pytest.raises(ValueError, match="no"), logged(run):
        raise ValueError("no\nmore")
    assert lines(run)[-1]["event"] == "broken off"
    assert lines(run)[-1]["error"] == r"ValueError('no\nmore')"
    with logged(run):
        pass
    assert said(run)[-2:] == ["begun", "done"]  # a resumed run goes on in the same file


def test_nothing_is_left_behind(run, capsys):
    root, ours = logging.getLogger(), logging.getLogger("sdp")
    before = list(root.handlers), ours.level, warnings.showwarning, list(run.listeners)
    with logged(run), logged(Run.create(run.path.parent, "bench", "y", {})):
        pass
    assert (list(root.handlers), ours.level, warnings.showwarning, list(run.listeners)) == before
    logger("sdp.x").warning("to nobody")
    assert "to nobody" not in said(run)
    assert "to nobody" not in capsys.readouterr().err


def test_a_process_that_does_not_write_writes_no_log(run):
    run.writes = False
    with logged(run):
        pass
    assert not (run.path / LOG).exists()


@pytest.mark.parametrize("name", LEVELS)
def test_a_level_is_read(name, monkeypatch):
    monkeypatch.setenv("SDP_LOG", name.upper())
    assert stderr_level() == LEVELS[name]


def test_an_unknown_level_is_refused(monkeypatch):
    monkeypatch.setenv("SDP_LOG", "verbos")
    with pytest.raises(ConfigError, match="'verbos' is no log level"):
        stderr_level()


def test_nothing_asked_for_is_no_level(monkeypatch):
    monkeypatch.delenv("SDP_LOG", raising=False)
    assert stderr_level() is None


def test_verbose_stands_for_info():
    code = "import os, sys; from sdp.cli.main import main; main(sys.argv[1:]); print(os.environ.get('SDP_LOG'))"
    for words, level in (
        (["--version"], "None"),
        (["--verbose", "--version"], "info"),
        (["--version", "--verbose"], "info"),
    ):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == level
