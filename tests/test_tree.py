"""The README's tree is the disk: every root entry, and src/sdp two levels deep, one line each."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r"^(?P<bars>(?:│   |    )*)(?:├── |└── )(?P<name>\S+)(?:\s+(?P<what>.+))?$")
DEPTH_IN_SRC = 4
"""src/sdp/<package>/<file>: deeper folders are one line."""


def tree_lines() -> list[re.Match[str]]:
    blocks = re.findall(r"```(?:text|tree)\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    trees = [block for block in blocks if "├── " in block]
    assert len(trees) == 1, "README.md holds one ```text block drawn with ├── and └──"
    return [match for line in trees[0].splitlines() if (match := LINE.match(line))]


def drawn() -> dict[str, str]:
    """Path → its comment."""
    found, stack = {}, []
    for match in tree_lines():
        depth = len(match["bars"]) // 4
        stack = [*stack[:depth], match["name"].rstrip("/")]
        found["/".join(stack)] = match["what"] or ""
    return found


def on_disk() -> set[str]:
    """What git knows or would add, folded to the depth that the tree shows."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    entries = set()
    for name in listing.splitlines():
        if not (ROOT / name).exists():  # deleted, not yet committed
            continue
        parts = name.split("/")
        deepest = DEPTH_IN_SRC if parts[0] == "src" else 1
        entries.update("/".join(parts[: depth + 1]) for depth in range(min(len(parts), deepest)))
    return entries


def shown(entry: str) -> bool:
    """An empty ``__init__.py`` and the marker of types need no line."""
    return not entry.endswith(("/__init__.py", "/py.typed")) or entry == "src/sdp/__init__.py"


def inside_drawn_leaf(entry: str, tree: dict[str, str]) -> bool:
    """A folder of phrasings or of one model is one line: what is in it is not listed."""
    parent = entry.rsplit("/", 1)[0]
    listed_below = any(path.startswith(f"{parent}/") for path in tree)
    return parent in tree and not listed_below and (ROOT / entry).suffix != ".py"


def test_tree_is_the_disk():
    if not (ROOT / ".git").exists():
        pytest.fail("this test asks git which files belong to the project: run it in a clone")
    tree = drawn()
    disk = {entry for entry in on_disk() if shown(entry)}
    missing = sorted(entry for entry in disk - set(tree) if not inside_drawn_leaf(entry, tree))
    gone = sorted(set(tree) - on_disk())
    assert not missing, f"on disk, but not in README.md's tree: {missing}"
    assert not gone, f"in README.md's tree, but not on disk: {gone}"


def test_every_line_says_what_it_is():
    silent = [path for path, what in drawn().items() if not what.strip("# ")]
    assert not silent, f"no comment in README.md's tree: {silent}"
