"""What src imports is what pyproject.toml declares, and what it declares is pinned in constraints.txt."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PLUGGED_IN = {"accelerate", "wordfreq"}
"""Declared although src never names them: transformers' Trainer imports the one, only lists of the other are read."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


@cache
def imported() -> dict[str, str]:
    """Top-level names that src imports, with one place each."""
    found = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            for name in names:
                found.setdefault(name.split(".", maxsplit=1)[0], f"{path.relative_to(ROOT)}:{node.lineno}")
    return {name: place for name, place in found.items() if name != "sdp" and name not in sys.stdlib_module_names}


@cache
def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return {normal(name): number for name, number in (line.split("==") for line in lines if not line.startswith("#"))}


def test_imports_are_declared_and_declarations_imported():
    distributions = packages_distributions()
    # an extra that is never installed here, such as a tracker, is called as it is imported
    used = {normal(distributions.get(name, [name])[0]): place for name, place in imported().items()}
    declared = {normal(requirement) for requirement in PROJECT["dependencies"]} - PLUGGED_IN
    extras = {name: group for name, group in PROJECT["optional-dependencies"].items() if name != "dev"}
    optional = {normal(requirement) for group in extras.values() for requirement in group}
    used = {name: place for name, place in used.items() if name not in optional}
    assert not used.keys() - declared, f"declare in pyproject.toml: { {n: used[n] for n in used.keys() - declared} }"
    assert not declared - used.keys(), f"nothing in src imports {declared - used.keys()}: take it out of pyproject.toml"


def test_ranges_are_open_above():
    closed = [requirement for requirement in PROJECT["dependencies"] if re.search(r"<|==|~=", requirement)]
    assert not closed, f"a cap breaks installs next to other packages; pin in constraints.txt instead: {closed}"


def test_everything_declared_is_pinned():
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    missing = sorted({normal(requirement) for requirement in wanted} - pins().keys())
    assert not missing, f"make lock: constraints.txt lacks {missing}"


def test_pins_are_exact_and_without_local_labels():
    assert all(re.fullmatch(r"[\w.]+", number) for number in pins().values())
    assert pins()["torch"] == "2.13.0"


@pytest.mark.parametrize("name", sorted(pins()))
def test_what_is_installed_is_what_is_pinned(name):
    try:
        installed = version(name)
    except PackageNotFoundError:  # one for another platform
        return
    assert installed.partition("+")[0] == pins()[name], "make lock, or reinstall: rm -rf .venv && make test"
