"""Help is there at once: it imports nothing heavy, in a process that has imported nothing before."""

import json
import subprocess
import sys

import pytest

from sdp.cli.table import VERBS

HEAVY = ("torch", "transformers", "pandas", "pyarrow", "scipy", "datasets", "faker", "jinja2", "plotly", "numpy")
SCRIPT = """
import json, sys
from sdp.cli.main import main
code = main(sys.argv[1:])
sys.stdout.flush()
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def run_fresh(*args):
    done = subprocess.run([sys.executable, "-c", SCRIPT, *args], capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules), done.stdout


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["--version"], []], ids=" ".join)
def test_the_first_page_imports_no_verb(args):
    code, modules, _ = run_fresh(*args)
    assert code == 0
    assert not modules & {verb.module for verb in VERBS.values()}
    assert not modules & set(HEAVY)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verbs_page_imports_that_verb_alone_and_nothing_heavy(verb):
    code, modules, page = run_fresh(verb, "--help")
    assert code == 0
    heavy = modules & set(HEAVY)
    assert not heavy, f"{VERBS[verb].module} imports {sorted(heavy)} at its top: import the workflow inside run()"
    assert modules & {verb.module for verb in VERBS.values()} == {VERBS[verb].module}
    assert page.startswith(f"Usage: sdp {verb}")


def test_the_first_page_lists_every_verb_with_its_line(sdp):
    page = sdp("--help").stdout
    for name, verb in VERBS.items():
        assert any(line.split(maxsplit=1) == [name, verb.help] for line in page.splitlines())


def test_a_broken_sdp_toml_does_not_hide_the_help(sdp, tmp_path):
    (tmp_path / "sdp.toml").write_text("[")
    assert sdp("plugins", "--help").returncode == 0


def test_the_version_is_the_packages(sdp):
    from sdp import __version__

    assert sdp("--version").stdout == f"sdp {__version__}\n"


@pytest.mark.parametrize(("typed", "meant"), [("genrate", "generate"), ("plugin", "plugins"), ("bensh", "bench")])
def test_a_mistyped_verb_gets_the_near_one(sdp, typed, meant):
    done = sdp(typed)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"sdp: error: No such command '{typed}'. Did you mean '{meant}'?\n  try: sdp --help\n"


def test_the_shell_can_ask_for_completions(sdp):
    done = sdp(_SDP_COMPLETE="complete_bash", COMP_WORDS="sdp pl", COMP_CWORD="1")
    assert done.stdout.split() == ["plugins"]
    assert done.returncode == 0
