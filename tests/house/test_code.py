"""Size, names and reasons: what a reviewer would otherwise have to say every time."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "plugins").glob("*/src/**/*.py")])
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "base"}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code: the docstring and a long signature do not count."""
    start = function.body[0].end_lineno if ast.get_docstring(function) else function.body[0].lineno - 1
    return function.end_lineno - start


def test_modules_are_short():
    long = {
        str(path.relative_to(ROOT)): n for path in MODULES if (n := len(path.read_text().splitlines())) > LONGEST_MODULE
    }
    assert not long, f"split by stage, with plain functions: {long}"


def test_functions_are_short():
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}: {body_lines(function)} lines"
        for path in MODULES
        for function in functions(path)
        if body_lines(function) > LONGEST_FUNCTION
    ]
    assert not long, f"a function does one thing: {long}"


def test_names_say_what_is_inside():
    vague = [str(path.relative_to(ROOT)) for path in MODULES if path.stem.strip("_") in EMPTY_NAMES]
    assert not vague, f"name it by what it does: {vague}"


def test_exemptions_give_a_reason():
    """``# noqa: X  (reason)``, ``# type: ignore[x]  # reason``."""
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"# (noqa(: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*)?|type: ignore(\[[\w, -]+\])?)\s*$", line)
    ]
    assert not silent, f"say why, on the same line: {silent}"


def test_ruff_s_ignores_give_a_reason():
    table = (ROOT / "pyproject.toml").read_text().split("[tool.ruff.lint]")[1].split("[tool.ruff.lint.pydocstyle]")[0]
    silent = [line for line in table.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*",', line) and "#" not in line]
    assert not silent


def test_no_path_of_one_machine():
    """Ours are relative, or made by the caller."""
    command = [
        "git",
        "grep",
        "-nIE",
        "--untracked",
        r"/(root|home/[a-z]+|Users/[a-z]+)/",
        "--",
        ":!tests/house/test_code.py",
    ]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert not found, found


def test_every_module_of_the_tests_has_its_counterpart():
    """tests/<package>/test_<module>.py tests src/sdp/<package>/<module>.py, or a theme that no module has to itself."""
    packages = {path.name for path in (ROOT / "src" / "sdp").iterdir() if path.is_dir()}
    free = {"house", "plugin_package", "end_to_end", "faults"}
    stray = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} - packages - free - {"__pycache__"}
    assert not stray, f"a test folder is named after the package it tests: {stray}"
