"""`python small_shards.py ROWS ARG…` is the command line `sdp ARG…`, but its shards are small.

With `FATE=WHO:MOMENT:DELAY:WHOM:SIGNAL` in the environment a signal is sent at a moment that is chosen beforehand: when
WHO (`driver`, the process that was started, or `worker`, whichever comes first) touches a file below `data` for the
MOMENT-th time, and DELAY milliseconds later, to WHOM (`self`, `driver`, or `group`: all of them, as a terminal does).
With `COUNT=FILE` the driver writes there how many moments it had. With `FSIZE=BYTES` no file can become larger.
"""

import os
import sys
import threading
import time
from pathlib import Path

TOUCHES = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.scandir", "shutil.rmtree", "fcntl.flock"}
"""Python announces all of these before it does them."""
NONE = "nobody:0:0:self:0"


class Fate:
    """Counts how often files below a folder are touched, and sends the signal when the time has come."""

    def __init__(self, role: str, fate: str) -> None:
        who, moment, delay, self.whom, number = fate.split(":")
        self.root = str(Path.cwd() / "data")
        self.sent = Path.cwd() / "sent"
        self.moment = int(moment) if who == role else 0
        self.delay = float(delay) / 1000
        self.number = int(number)
        self.n = 0
        sys.addaudithook(self.hook)

    def hook(self, event: str, args: tuple) -> None:
        if event not in TOUCHES:
            return
        if event == "fcntl.flock" or (
            isinstance(args[0], str | os.PathLike) and os.path.abspath(args[0]).startswith(self.root)  # noqa: PTH100
        ):
            self.n += 1
            if self.n == self.moment:
                self.meet()

    def meet(self) -> None:
        try:
            os.close(os.open(self.sent, os.O_CREAT | os.O_EXCL))  # one worker sends it, not all of them
        except FileExistsError:
            return
        if self.delay:
            threading.Thread(target=self.send, daemon=True).start()
        else:
            self.send()

    def send(self) -> None:
        time.sleep(self.delay)
        if self.whom == "group":
            os.killpg(0, self.number)
        else:
            os.kill(os.getpid() if self.whom == "self" else os.getsid(0), self.number)


def let_workers_begin() -> None:
    """Lets the driver work only where nobody else does: it would be done before the others have started."""
    from sdp.engines import local

    original = local._Desk.work_here

    def work_here(desk: local._Desk, job: tuple, work: object) -> object:
        def after_others(item: object) -> object:
            while not (desk._is_closed or desk._is_far_ahead() or Path("sent").exists()):
                time.sleep(0.01)
            return work(item)

        return original(desk, job, after_others)

    local._Desk.work_here = work_here


def main(rows: str, *args: str) -> int:
    """Runs the command."""
    import resource

    from sdp.cli.main import main as sdp
    from sdp.synthesis.settings import DataSettings

    DataSettings.model_fields["rows_per_shard"].default = int(rows)
    DataSettings.model_rebuild(force=True)
    if "FSIZE" in os.environ:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["FSIZE"]),) * 2)
    if os.environ.get("FATE", NONE).startswith("worker"):
        let_workers_begin()
    fate = Fate("driver", os.environ.get("FATE", NONE))
    code = sdp(args)
    if "COUNT" in os.environ:
        Path(os.environ["COUNT"]).write_text(str(fate.n))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
if __name__ == "__mp_main__":  # in a worker: Python imports there what was the main module here
    Fate("worker", os.environ.get("FATE", NONE))
