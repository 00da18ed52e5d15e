"""Makes the virtual environments of the tools that sdp is measured against: one each, from a pinned list.

Run ``python peers/environments.py`` (all) or ``python peers/environments.py reasoning-gym``; they land in
``peers/.venvs``. Tools that train see the packages of the environment that this runs in, behind their own: torch is
not installed again, and it is the same for all.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
LISTS = HERE / "requirements"
VENVS = HERE / ".venvs"
BEHIND = ("trl", "unsloth")
"""The tools that see this environment's packages."""


def known() -> list[str]:
    """Names the tools that have a list of requirements."""
    return sorted(path.stem for path in LISTS.glob("*.txt"))


def python_of(name: str) -> str:
    """Gives the interpreter of a tool's environment.

    Raises:
        SystemExit: The environment is not there, or was made from another list.
    """
    if not _made(name):
        raise SystemExit(f"peers/.venvs/{name} is not there or out of date: python peers/environments.py {name}")
    return str(_interpreter(name))


def make(name: str) -> None:
    """Makes one environment, unless it is there already."""
    if _made(name):
        return
    VENVS.mkdir(exist_ok=True)
    (VENVS / ".gitignore").write_text("*\n")
    folder = VENVS / name
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder)
    if name in BEHIND:
        site = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
        Path(site, "behind.pth").write_text(sysconfig.get_path("purelib") + "\n")
    # The lists are complete (pip freeze), so nothing is left to resolve.
    pip = [sys.executable, "-m", "pip", "--python", _interpreter(name), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "-r", LISTS / f"{name}.txt"], check=True)
    (folder / "made-from").write_text(_digest(name))


def _interpreter(name: str) -> Path:
    return VENVS / name / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def _made(name: str) -> bool:
    stamp = VENVS / name / "made-from"
    return stamp.is_file() and stamp.read_text() == _digest(name)


def _digest(name: str) -> str:
    made_from = (LISTS / f"{name}.txt").read_bytes()
    if name in BEHIND:
        made_from += f"{sys.version}\n{sysconfig.get_path('purelib')}".encode()
    return hashlib.sha256(made_from).hexdigest()


def main() -> None:
    """Makes what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*known(), []], help="all of them if none is named")
    for name in parser.parse_args().names or known():
        print(f"{name}: {VENVS / name}")
        make(name)


if __name__ == "__main__":
    main()
