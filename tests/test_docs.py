"""Every code block of the README and the docs runs, page by page, in an empty folder.

```python   blocks of a page share one namespace, in order
```console  lines that begin with `$ ` run as real processes; the others are output and are not compared
```bash     the block runs as a script; so do ```sh and ```shell

`<!-- not run: reason -->` on the line before a block leaves it out; `<!-- exits: 3 -->` expects that exit code;
`<!-- slow -->` anywhere on a page makes the page run with `make slow`.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(
    r"^(?:[ \t]*<!-- (?P<note>[^\n]*?) -->[ \t]*\n+)?"
    r"(?P<indent>[ \t]*)```(?P<language>python|console|bash|sh|shell)[^\n]*\n(?P<code>.*?)^[ \t]*```[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
SLOW = "<!-- slow -->"


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    page: Path
    line: int
    language: str
    code: str
    note: str

    @property
    def runs(self) -> bool:
        return not self.note.startswith("not run:")

    @property
    def exit_code(self) -> int:
        return int(self.note.removeprefix("exits:")) if self.note.startswith("exits:") else 0

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    text = page.read_text()
    found = []
    for match in BLOCK.finditer(text):
        indent = len(match["indent"])
        code = "\n".join(line[indent:] for line in match["code"].splitlines())
        line = text.count("\n", 0, match.start("code"))
        found.append(Block(page, line, match["language"], code + "\n", match["note"] or ""))
    return found


def cases() -> list[object]:
    made = []
    for page in pages():
        if any(block.runs for block in blocks(page)):
            marks = [pytest.mark.slow] if SLOW in page.read_text() else []
            made.append(pytest.param(page, id=page.relative_to(ROOT).as_posix(), marks=marks))
    return made


def shell(block: Block, folder: Path) -> None:
    commands = [line[2:] for line in block.code.splitlines() if line.startswith("$ ")]
    script = "\n".join(commands) if block.language == "console" else block.code
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == block.exit_code, f"{block.where}\n{script}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", cases())
def test_blocks_run(page, tmp_path):
    namespace = {"__name__": "__main__"}
    for block in blocks(page):
        if block.runs and block.language == "python":
            # Padded, so that a traceback shows the page's own line numbers.
            exec(compile("\n" * block.line + block.code, str(page), "exec"), namespace)
        elif block.runs:
            shell(block, tmp_path)


def test_left_out_blocks_give_a_reason():
    silent = [
        block.where
        for page in pages()
        for block in blocks(page)
        if not block.runs and len(block.note.removeprefix("not run:").strip()) < len("needs x")
    ]
    assert not silent, f"<!-- not run: reason --> without a reason: {silent}"


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "mkdocs.yml").read_text()
    lost = [page.name for page in sorted((ROOT / "docs").rglob("*.md")) if page.name not in navigation]
    assert not lost, f"add to nav in mkdocs.yml: {lost}"
