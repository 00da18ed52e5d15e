"""A virtual environment of one test's own, that sees what is installed here: nothing has to be fetched."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"
SCRIPT = """import sys
from sdp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
"""
"""As pip writes it for a package that is installed."""


class Environment:
    """Made without pip of its own: ours installs into it.

    Args:
        folder: Where; made anew.
    """

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        self.bin = folder / "bin"
        (packages,) = folder.glob("lib/python*/site-packages")
        here = [sysconfig.get_paths()["purelib"], str(SRC)]
        (packages / "here.pth").write_text("\n".join([*here, ""]))
        (self.bin / "sdp").write_text(f"#!{self.python}\n{SCRIPT}")
        (self.bin / "sdp").chmod(0o755)

    def install(self, *packages: Path | str) -> None:
        """Installs with pip, without asking an index: what is not here is missing."""
        self._pip("install", "--no-index", "--no-build-isolation", "--no-warn-script-location", *map(str, packages))

    def remove(self, package: str) -> None:
        """Takes a package away again."""
        self._pip("uninstall", "--yes", package)

    def _pip(self, *words: str) -> None:
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "--quiet", "--disable-pip-version-check"]
        self.run(*pip, *words)

    def run(self, *words: str, cwd: Path | None = None, check: bool = True, **variables: str) -> str:
        """Runs a command of the environment; gives what it wrote to stdout, and to stderr as well when it failed."""
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment |= {"PATH": path, "COLUMNS": "100", **variables}
        done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        if check:
            assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout if check else done.stdout + done.stderr
