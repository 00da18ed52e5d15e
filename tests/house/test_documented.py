"""Every hook, verb, error and exit code has a heading in the docs, and a test that names it."""

import inspect
import re
from functools import cache
from pathlib import Path

import pytest

import sdp.errors
from sdp.cli.table import VERBS
from sdp.errors import ExitCode, SdpError
from sdp.plugins import hookspecs

ROOT = Path(__file__).resolve().parents[2]
HOOKS = sorted(name for name, thing in vars(hookspecs).items() if hasattr(thing, "sdp_spec"))
ERRORS = sorted(
    name
    for name, thing in vars(sdp.errors).items()
    if inspect.isclass(thing) and issubclass(thing, SdpError) and thing is not SdpError
)


@cache
def headings() -> list[str]:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return [line for page in pages for line in page.read_text().splitlines() if line.startswith("#")]


@cache
def suite() -> str:
    here = Path(__file__)
    return "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py") if path != here)


def has_heading(words: str) -> bool:
    return any(re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", heading) for heading in headings())


def has_row(words: str) -> bool:
    """A row of a table, with the words in its first cell."""
    return any(
        re.match(rf"\|\s*`?{re.escape(words)}`?\s*\|", line)
        for page in (ROOT / "docs").rglob("*.md")
        for line in page.read_text().splitlines()
    )


def test_there_are_hooks():
    assert len(HOOKS) >= 5


@pytest.mark.parametrize("name", HOOKS)
def test_hooks(name):
    assert has_heading(name), f"give {name} a heading in docs/plugins.md"
    assert name in suite(), f"no test names {name}"


@pytest.mark.parametrize("name", VERBS)
def test_verbs(name):
    assert has_heading(f"sdp {name}"), f"give `sdp {name}` a heading in the docs"
    assert re.search(rf"""["' ]{name}["' ]""", suite()), f"no test runs `sdp {name}`"


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name):
    assert has_heading(name), f"give {name} a heading in docs/errors.md"
    assert name in suite(), f"no test names {name}"


@pytest.mark.parametrize("code", ExitCode, ids=lambda code: code.name)
def test_exit_codes(code):
    assert has_heading(str(int(code))) or has_row(str(int(code))), f"give {int(code)} a row in docs/errors.md"
    assert f"ExitCode.{code.name}" in suite(), f"no test names ExitCode.{code.name}"
