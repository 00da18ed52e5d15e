"""Writes constraints.txt: installs the newest versions that fit pyproject.toml in a fresh environment and lists them.

Every version is exact. There are no hashes, because torch's build differs by platform; for the same reason a local
version label (``2.13.0+cpu``) is cut off.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = """\
# Every version that the tests run with, exact. Regenerate with `make lock` (.ci/lock.py); do not edit by hand.
# No hashes: torch's build differs by platform. Used as `pip install -c constraints.txt -e .`
"""
TORCH = "torch==2.13.0"
"""Pinned first: torch decides about the build for this platform, so its version changes by hand only."""


def main() -> None:
    """Installs, lists, writes."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", TORCH, f"{ROOT}[dev]"], check=True)
        command = [python, "-m", "pip", "freeze", "--all", "--exclude", "sdp", "--exclude", "pip"]
        frozen = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = sorted((re.sub(r"\+.*", "", line) for line in frozen.splitlines() if "==" in line), key=str.lower)
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(lines) + "\n")
    print(f"constraints.txt: {len(lines)} versions")


if __name__ == "__main__":
    main()
