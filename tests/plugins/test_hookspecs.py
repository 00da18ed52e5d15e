"""The contract itself, and what the docs say about it."""

import inspect
import re
from pathlib import Path

import pytest

from sdp.plugins import hookspecs
from sdp.plugins.reading import HOOKS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "plugins.md"
SPECS = {name: thing for name, thing in vars(hookspecs).items() if hasattr(thing, "sdp_spec")}


def test_what_is_specified_is_what_is_asked():
    assert tuple(SPECS) == HOOKS


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_takes_nothing(hook):
    assert not inspect.signature(SPECS[hook]).parameters


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_says_who_asks_and_what_to_return(hook):
    text = inspect.getdoc(SPECS[hook])
    assert "asked by ``sdp " in text
    assert "\nReturns:\n" in text


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_has_a_heading_and_its_exact_signature_in_the_docs(hook):
    signature = re.search(rf"^def {hook}\(.*?:$", inspect.getsource(SPECS[hook]), flags=re.MULTILINE)
    text = PAGE.read_text()
    assert f"\n### `{hook}`\n" in text, f"give {hook} a heading in {PAGE}"
    assert f"\n{signature[0][:-1]}\n" in text, f"{PAGE} must give the signature: {signature[0][:-1]}"


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_is_used_by_a_test(hook):
    assert any(hook in path.read_text() for path in (ROOT / "tests").rglob("*.py")), f"no test uses {hook}"


def test_the_example_of_the_docs_is_the_package_under_test():
    assert (ROOT / "tests" / "plugin_package" / "sdp_mirror.py").read_text() in PAGE.read_text()
    assert (ROOT / "tests" / "plugin_package" / "pyproject.toml").read_text() in PAGE.read_text()
