"""Draws README.md's tree from the disk: one line per file, taken from the file's own first line.

`python .ci/tree.py` rewrites the block; tests/test_tree.py says when that is due.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 44
NOT_PYTHON = {
    ".ci": "what CI runs, and the lock's and the tree's makers",
    ".env.example": "environment variables that sdp reads",
    ".gitattributes": "model files are binary",
    ".github": "the same commands on GitHub Actions",
    ".gitignore": "what stays out of the repository",
    ".pre-commit-config.yaml": "lint and types before each commit",
    "CHANGELOG.md": "one sentence per change that a user can see",
    "CONTRIBUTING.md": "how to work on sdp, and why it is built with what it is",
    "LICENSE": "Apache-2.0",
    "Makefile": "demo, test, slow, smoke, docs, lock, perf",
    "README.md": "this page",
    "constraints.txt": "the lock: every version exact",
    "docs": "the site: guides, reference; every block is executed by tests",
    "mkdocs.yml": "the site's table of contents",
    "peers": "side-by-side runs and simulations, outside the test suite",
    "plugins": "first-party plugin distributions",
    "pyproject.toml": "package, dependencies, lint, types, tests",
    "scripts": "how the tiny model was made",
    "src": "the package",
    "src/sdp": "",
    "src/sdp/benchmarks/suites": "the suites that come with sdp, a YAML file each",
    "src/sdp/scaffold/plugin": "a plugin package, to be filled in",
    "src/sdp/scaffold/project": "a study's folder, to be filled in",
    "src/sdp/models/tiny": "the model that ships: weights, tokenizer, card, replay words",
    "src/sdp/reports/data_page": "the page of `sdp validate --report`: template, style and script",
    "src/sdp/reports/page": "the HTML report's template, style and script",
    "src/sdp/reports/training_page": "the page of `sdp runs plot`: template, style and script",
    "src/sdp/testing/evaluation_set.jsonl": "an evaluation set, as a validator under test gets to see one",
    "src/sdp/templates/de": "German phrasings, a folder per task",
    "src/sdp/templates/en": "English phrasings, a folder per task",
    "src/sdp/templates/es": "Spanish phrasings, a folder per task",
    "src/sdp/templates/fr": "French phrasings, a folder per task",
    "tests": "the same folders as src/sdp",
}


def main() -> int:
    """Rewrites the block in README.md; with --check only says whether it would change."""
    readme = ROOT / "README.md"
    old = readme.read_text()
    block = "```text\nsdp/\n" + "\n".join(_lines("", _entries())) + "\n```"
    new = re.sub(r"```text\nsdp/\n.*?```", lambda _: block, old, flags=re.DOTALL)
    if new != old and "--check" not in sys.argv:
        readme.write_text(new)
    return int(new != old and "--check" in sys.argv)


def _entries() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    found = set()
    for name in listing:
        parts = name.split("/")
        deepest = 4 if parts[0] == "src" else 1
        if (ROOT / name).exists() and parts[-1] != "py.typed":
            found.update("/".join(parts[: depth + 1]) for depth in range(min(len(parts), deepest)))
    kept = {entry for entry in found if not entry.endswith("/__init__.py") or entry == "src/sdp/__init__.py"}
    leaves = [f"{name}/" for name in NOT_PYTHON if name.startswith("src/sdp/")]
    return sorted(entry for entry in kept if not any(entry.startswith(leaf) for leaf in leaves))


def _lines(parent: str, entries: list[str], bars: str = "") -> list[str]:
    depth = parent.count("/") + 1 if parent else 0
    children = [one for one in entries if one.count("/") == depth and one.startswith(f"{parent}/" if parent else "")]
    children.sort(key=lambda one: (not (ROOT / one).is_dir(), one))
    lines = []
    for child in children:
        last = child == children[-1]
        name = child.rsplit("/", 1)[-1] + ("/" if (ROOT / child).is_dir() else "")
        lines.append(f"{bars}{'└── ' if last else '├── '}{name}".ljust(WIDTH) + f" {_what(child)}")
        lines += _lines(child, entries, bars + ("    " if last else "│   "))
    return lines


def _what(entry: str) -> str:
    if NOT_PYTHON.get(entry):
        return NOT_PYTHON[entry]
    path = ROOT / entry
    file = path / "__init__.py" if path.is_dir() else path
    docstring = ast.get_docstring(ast.parse(file.read_text())) or ""
    return docstring.splitlines()[0].rstrip(".")


if __name__ == "__main__":
    raise SystemExit(main())
