"""What every section needs: how much, how often, where, and the two ways into sdp."""

import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from side_by_side.process import Measured, run

HERE = Path(__file__).resolve().parent.parent
CONTESTANTS = HERE / "contestants"
PLUGIN = HERE / "backward"


@dataclass(frozen=True)
class Setting:
    """What the command line asks for."""

    repeats: int
    work: Path
    """An empty folder on the disk to measure."""
    n_rows: int | None = None
    """Instead of each section's own."""
    large: bool = False
    """Whether to go up to twenty million rows."""
    workers: int = 1
    """Processes of sdp, where a section does not compare their number."""
    source: Path | None = None
    """The `src` folder of another checkout, instead of the sdp that is installed."""

    @property
    def processes(self) -> str:
        """Says how many processes of sdp there are."""
        return "one worker" if self.workers == 1 else f"{self.workers} workers"

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Makes a new folder and removes it with all that was written."""
        path = Path(mkdtemp(dir=self.work))
        try:
            yield path
        finally:
            shutil.rmtree(path)

    @property
    def _environment(self) -> dict[str, str]:
        """Puts the plugin where entry points are looked for, without installing it."""
        site = self.work / "site"
        if not site.is_dir():
            project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]
            info = site / f"sdp_backward-{project['version']}.dist-info"
            info.mkdir(parents=True)
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
            points = "".join(f"{name} = {module}\n" for name, module in project["entry-points"]["sdp"].items())
            (info / "entry_points.txt").write_text(f"[sdp]\n{points}")
            shutil.copy(PLUGIN / "sdp_backward.py", site)
        return {"PYTHONPATH": os.pathsep.join(map(str, filter(None, [self.source, site])))}

    def sdp(self, cwd: Path, *arguments: str) -> Measured:
        """Runs the command line."""
        return run([sys.executable, "-m", "sdp", *arguments, "--quiet"], cwd, self._environment)

    def script(self, cwd: Path, name: str, *arguments: str, **variables: str) -> Measured:
        """Runs a contestant in sdp's environment, with more variables if they are given."""
        return run([sys.executable, CONTESTANTS / name, *arguments], cwd, self._environment | variables)

    def count(self, cwd: Path, column: str, files: list[Path]) -> tuple[int, int]:
        """Counts rows and repeated questions in a process of its own: this one must stay small.

        The kernel counts a parent's memory as that of its child until the child's program is loaded.
        """
        found = self.script(cwd, "count_rows.py", column, *map(str, files)).facts
        return found["rows"], found["duplicates"]
