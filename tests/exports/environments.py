"""Virtual environments of the tools that read our exports, made once per checkout, from pinned lists.

An environment sees this one's packages through a `.pth` file, behind its own: torch, transformers and datasets are not
installed again. sdp itself is not seen, because the editable install is a `.pth` file, too, and those do not nest.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
LISTS = HERE / "requirements"
VENVS = HERE.parents[1] / ".venvs"


def python_of(tool: str) -> str:
    """Gives the interpreter of a tool's environment, which is made if it is not there or made from another list."""
    VENVS.mkdir(exist_ok=True)
    folder, wanted = VENVS / tool, _digest(tool)
    with (VENVS / f"{tool}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        stamp = folder / "made-from"
        if not stamp.is_file() or stamp.read_text() != wanted:
            _make(tool, folder)
            stamp.write_text(wanted)
    return str(folder / "bin" / "python")


def run(tool: str, *arguments: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs the tool's interpreter without a network: what it needs is on this disk, or the test is wrong."""
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(cwd / "hf"), "NO_COLOR": "1"}
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    return subprocess.run(
        [python_of(tool), *map(str, arguments)],
        cwd=cwd, env=os.environ | offline | nowhere | variables,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=580, check=False,
    )  # fmt: skip


def _make(tool: str, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=False)
    site = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    Path(site, "ours.pth").write_text(sysconfig.get_path("purelib") + "\n")
    # The lists are complete, so nothing is left to resolve.
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "-r", str(LISTS / f"{tool}.txt")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _digest(tool: str) -> str:
    made_from = [(LISTS / f"{tool}.txt").read_bytes(), sys.version.encode(), sysconfig.get_path("purelib").encode()]
    return hashlib.sha256(b"\n".join(made_from)).hexdigest()
