"""Real processes: the command line with small shards, what is left of it, and what it wrote."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

HERE = Path(__file__).parent
ROWS = "200"
"""Of a shard."""
WAIT = 120
"""Seconds after which something hangs. Busy machines are slow, so it is no measure of anything."""


SMALL = (str(HERE / "small_shards.py"), ROWS)
REAL = ("-m", "sdp")


def start(*args: str, command=SMALL, **variables: str) -> subprocess.Popen:
    """Starts a command in a session of its own, as a terminal or a cluster does."""
    return subprocess.Popen(
        [sys.executable, *command, *args], env=os.environ | variables, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(*args: str, **options: str) -> subprocess.CompletedProcess:
    """Runs a command to its end, and sees that it leaves no process behind."""
    return ended(start(*args, **options))


def sdp(*args: str, **options: str) -> subprocess.CompletedProcess:
    """The command line as everybody has it."""
    return run(*args, command=REAL, **options)


def ended(process: subprocess.Popen) -> subprocess.CompletedProcess:
    """Waits for the end of a process and of all that it started."""
    family = members(process.pid)
    try:
        out, err = process.communicate(timeout=WAIT)  # ends when nobody holds the pipes any more
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    _, alive = psutil.wait_procs([*family, *members(process.pid)], timeout=WAIT)
    assert not alive, f"left behind: {alive}"
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def members(session: int) -> list[psutil.Process]:
    """The processes of a session: those that were started from within, whoever is their parent now."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.pid != session:
                found.append(process)
        except OSError:  # gone
            continue
    return found


def contents(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
