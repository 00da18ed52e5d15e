"""`python warm_training.py` runs many `sdp` command lines, each in a child of its own, torch loaded only once.

It reads one JSON object a line and answers each with one: `{"args": [...], "cwd": FOLDER, "env": {...},
"fate": "MOMENT:DELAY:SIGNAL"}`. A signal comes to the child when it touches a file below `runs` for the MOMENT-th time,
and DELAY milliseconds later. With `FSIZE=BYTES` in `env` no file can become larger. The answer holds its exit code (−N:
ended by signal N), what it wrote, and how many moments it had.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Done:
    """What came of one command line."""

    code: int
    out: str
    err: str
    n_touches: int


class Warm:
    """The process that runs them.

    Args:
        process: It, with pipes.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def sdp(self, *args: str, fate: str = "", **env: str) -> Done:
        """Runs one in the working folder."""
        self.start(*args, fate=fate, **env)
        return self.done()

    def start(self, *args: str, fate: str = "", **env: str) -> None:
        """Starts one; its number stands in ``pid.txt`` of the working folder."""
        job = {"args": list(args), "cwd": str(Path.cwd()), "fate": fate, "env": env}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()

    def done(self) -> Done:
        """Waits for the end of what was started."""
        answer = self.process.stdout.readline()
        assert answer, "the warm process ended"
        return Done(**json.loads(answer))


@contextmanager
def warm() -> Iterator[Warm]:
    """Starts the process, and ends it."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parents[1])},
    )  # fmt: skip
    try:
        yield Warm(process)
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def child(job: dict) -> int:
    """Runs a command line; never returns to the loop."""
    import resource

    from tests.faults.small_shards import Fate

    from sdp.cli.main import main

    os.chdir(job["cwd"])
    os.environ.update(job["env"])
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{name}.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC), number)
    Path("sent").unlink(missing_ok=True)
    Path("pid.txt").write_text(str(os.getpid()))
    moment, delay, signal = (job["fate"] or "0:0:9").split(":")
    fate = Fate("driver", f"driver:{moment}:{delay}:self:{signal}")
    fate.root = str(Path.cwd() / "runs")
    if "FSIZE" in job["env"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(job["env"]["FSIZE"]),) * 2)
    try:
        code = main(job["args"])
    except SystemExit as end:
        code = end.code
    Path("touches.txt").write_text(str(fate.n))
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code or 0)


def serve() -> None:
    """Answers until the input ends."""
    from sdp.finetuning.backends import lean  # noqa: F401  (this is what takes long)
    from sdp.workflows import finetune  # noqa: F401  (the same)

    for line in sys.stdin:
        job = json.loads(line)
        folder = Path(job["cwd"])
        (folder / "touches.txt").unlink(missing_ok=True)
        number = os.fork()
        if number == 0:
            os._exit(child(job))
        _, status = os.waitpid(number, 0)
        touches = folder / "touches.txt"
        answer = {
            "code": os.waitstatus_to_exitcode(status),
            "out": (folder / "out.txt").read_text(),
            "err": (folder / "err.txt").read_text(),
            "n_touches": int(touches.read_text()) if touches.exists() else 0,
        }
        print(json.dumps(answer), flush=True)  # noqa: T201  (its parent reads it)


if __name__ == "__main__":
    serve()
