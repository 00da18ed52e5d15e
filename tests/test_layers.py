"""The layer law: a package imports only rows with a smaller number; inside a package there are no cycles."""

import ast
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parent.parent / "src" / "sdp"

ROWS = (
    ("__init__", "errors", "seeds", "progress"),
    ("contract", "stats"),
    ("data", "templates", "plugins"),
    ("api",),
    ("augmenters", "generators", "validators", "models", "runs", "engines", "recipes", "reports", "scaffold"),
    ("exports", "synthesis", "benchmarks", "finetuning", "serving"),
    ("experiments", "importing", "testing"),
    ("workflows", "builtin"),
    ("cli",),
    ("__main__",),
)
ROW_OF = {name: number for number, names in enumerate(ROWS) for name in names}
LEARNING = ("torch", "transformers", "peft", "accelerate")
MAY_LEARN = ("models", "finetuning", "benchmarks", "serving", "workflows", "experiments")


def modules() -> list[str]:
    return sorted(path.relative_to(SRC).with_suffix("").as_posix().replace("/", ".") for path in SRC.rglob("*.py"))


def path_of(module: str) -> Path:
    return SRC / f"{module.replace('.', '/')}.py"


def package(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


@cache
def imports(module: str) -> tuple[tuple[int, str], ...]:
    """All imports of a module, also in functions and under TYPE_CHECKING: line and absolute dotted name."""
    found = []
    here = ["sdp", *module.split(".")[:-1]]
    for node in ast.walk(ast.parse(path_of(module).read_text())):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: len(here) + 1 - node.level]) if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            found += [(node.lineno, f"{source}.{alias.name}") for alias in node.names]
    return tuple(found)


def target(name: str) -> str | None:
    """The module of sdp that an imported name lives in: ``sdp.data.words.Lexicon`` → ``data.words``."""
    parts = name.split(".")
    if parts[0] != "sdp":
        return None
    parts = parts[1:]
    while parts:
        if path_of(".".join(parts)).is_file():
            return ".".join(parts)
        if path_of(".".join([*parts, "__init__"])).is_file():
            return ".".join([*parts, "__init__"])
        parts = parts[:-1]
    return "__init__"


def test_every_package_has_a_row():
    unknown = sorted({package(module) for module in modules()} - set(ROW_OF))
    assert not unknown, f"{unknown}: give it a row in ROWS here and in docs/development.md, below what it imports"


@pytest.mark.parametrize("module", modules())
def test_imports_go_down(module):
    own = package(module)
    wrong = [
        f"{path_of(module)}:{line} imports {name} (row {ROW_OF[package(to)]}) from row {ROW_OF[own]}"
        for line, name in imports(module)
        if (to := target(name)) is not None and package(to) != own and ROW_OF[package(to)] >= ROW_OF[own]
    ]
    assert not wrong, (
        "a package imports only rows with a smaller number: move what is shared down a row, or pass it in\n"
        + "\n".join(wrong)
    )


@pytest.mark.parametrize("module", ROWS[0])
def test_the_lowest_row_needs_python_only(module):
    foreign = [name for _, name in imports(module) if name.split(".")[0] not in sys.stdlib_module_names | {"sdp"}]
    assert not foreign, f"{module}.py is imported by everything and may import the standard library only, not {foreign}"


@pytest.mark.parametrize("module", [module for module in modules() if package(module) not in MAY_LEARN])
def test_learning_libraries_stay_in_their_packages(module):
    heavy = [f"line {line}: {name}" for line, name in imports(module) if name.split(".")[0] in LEARNING]
    assert not heavy, f"only {', '.join(MAY_LEARN)} import {', '.join(LEARNING)}; {module} does: {heavy}"


@pytest.mark.parametrize("name", sorted({package(module) for module in modules() if "." in module}))
def test_no_cycle_inside_a_package(name):
    graph = {}
    for module in (module for module in modules() if package(module) == name):
        targets = {target(imported) for _, imported in imports(module)}
        graph[module] = {to for to in targets if to is not None and package(to) == name and to != module}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"import cycle: {' → '.join(error.args[1])}: move what both need into a module of its own")


def test_the_root_module_holds_the_version_only():
    body = ast.parse((SRC / "__init__.py").read_text()).body
    assigned = [node.targets[0].id for node in body[1:] if isinstance(node, ast.Assign)]
    assert assigned == ["__version__"]
    assert len(body) == 2, "src/sdp/__init__.py is imported by `sdp --help`: a docstring and __version__, nothing else"
