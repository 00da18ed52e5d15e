"""Verbs that exist for one test, so that the framework is tested apart from what it runs."""

import os
import subprocess
import sys
from types import ModuleType

import pytest

from sdp.cli import commands, settings
from sdp.cli.main import main
from sdp.cli.table import VERBS, Verb


@pytest.fixture
def only_verbs(monkeypatch):
    """Replaces the table of verbs: only_verbs(make=run_function, …)."""

    def _replace(**runs):
        for name in list(VERBS):
            monkeypatch.delitem(VERBS, name)
        for name, run in runs.items():
            module = ModuleType(f"fake_{name}")
            module.run = run
            monkeypatch.setitem(sys.modules, module.__name__, module)
            monkeypatch.setitem(VERBS, name, Verb(module.__name__, f"Fake {name}"))
        _forget()

    yield _replace
    _forget()


def _forget():
    commands.load_command.cache_clear()
    settings._all_options.cache_clear()


@pytest.fixture
def here(capsys):
    """Runs the command in this process, which takes no second to start: here("runs", "list")."""

    def _run(*args):
        code = main(args)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(args, code, said.out, said.err)

    return _run


@pytest.fixture
def sdp():
    """Runs the real command in a process of its own: sdp("show", "--json", SDP_SHOW_N="3")."""

    def _run(*args, **variables):
        return subprocess.run(
            [sys.executable, "-m", "sdp", *args],
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return _run
