"""One command as a whole process: how long it took, and how much memory its largest process held."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAMPLE_S = 0.05
KIB = 1024
RSS_UNIT = 1 if sys.platform == "darwin" else KIB
"""Of `ru_maxrss`, in bytes."""


@dataclass(frozen=True)
class Measured:
    """What one run took."""

    wall_s: float
    """From before it was started to after it had ended."""
    peak_bytes: int
    """Resident set of the largest process at its largest moment; what processes share counts in each."""
    facts: dict[str, Any]
    """The last line it printed, if that is a JSON object."""


class RunError(RuntimeError):
    """A command ended with an error, or not in time (`timed_out`)."""

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out


def run(
    command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None, limit_s: float | None = None
) -> Measured:
    """Runs a command and waits for it.

    Args:
        command: Program and arguments.
        cwd: Where it runs; what it prints is kept there in two files.
        env: Changes to this process's environment, of which sdp's own variables are left out.
        limit_s: It is killed after that.

    Raises:
        RunError: It ended with an error, or was killed.
    """
    words = [str(word) for word in command]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SDP_", "PYTHON"))}
    with (cwd / "stdout").open("wb") as out, (cwd / "stderr").open("wb") as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=cwd, env=inherited | dict(env or {}), stdout=out, stderr=err, start_new_session=True
        )
        watch = _Watch(process, None if limit_s is None else started + limit_s)
        try:
            # This gives the peak of the process and of those it waited for, exactly; the watch sees the others.
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # Ctrl-C reaches this session only
            os.killpg(process.pid, signal.SIGKILL)
            raise
        wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    seen = watch.end()
    if process.returncode:
        late = f"killed after {limit_s} s" if watch.timed_out else f"exit code {process.returncode}"
        text = (cwd / "stderr").read_text(errors="replace")[-2000:]
        raise RunError(f"{' '.join(words)}: {late}\n{text}", timed_out=watch.timed_out)
    return Measured(wall_s, max(usage.ru_maxrss * RSS_UNIT, seen), _last_object(cwd / "stdout"))


class _Watch:
    """Looks at the memory of all processes of a session, and ends them when time is up."""

    def __init__(self, process: "subprocess.Popen[bytes]", deadline: float | None) -> None:
        self._session, self._deadline = process.pid, deadline
        self._peak, self.timed_out = 0, False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> int:
        self._ended.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            self._peak = max([self._peak, *map(_high_water, _members(self._session))])
            if self._deadline is not None and time.perf_counter() > self._deadline:
                self.timed_out = True
                with suppress(ProcessLookupError):  # just ended
                    os.killpg(self._session, signal.SIGKILL)
                return


def _members(session: int) -> list[Path]:
    """Lists the processes of a session; none where there is no ``/proc``."""
    members = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(entry.name)) == session:
                members.append(entry)
        except OSError:
            continue  # it has ended
    return members


def _high_water(process: Path) -> int:
    """Reads the peak that the kernel keeps, in bytes; it cannot be missed between two looks."""
    try:
        lines = (process / "status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KIB for line in lines if line.startswith("VmHWM:")), 0)


def _last_object(path: Path) -> dict[str, Any]:
    lines = path.read_text(errors="replace").splitlines()
    if not lines or not lines[-1].startswith("{"):
        return {}
    return dict(json.loads(lines[-1]))
