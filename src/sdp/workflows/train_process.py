"""``python -m sdp.workflows.train_process RUN``: one of the processes that train a run together.

`sdp.finetuning.distributed.launch` starts it through ``accelerate launch``; nobody else should.
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path

import psutil
import torch
import torch.distributed

from sdp.errors import SdpError
from sdp.finetuning.distributed.failure import note_failure
from sdp.finetuning.distributed.launch import STARTER
from sdp.runs.folder import Run
from sdp.workflows.train_run import stored_recipe, train_here

_LOOK_S = 1.0


def main() -> int:
    """Trains a part of every step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--resume-from", type=Path)
    wanted = parser.parse_args()
    rank, local_rank = int(os.environ["RANK"]), int(os.environ["LOCAL_RANK"])
    threading.Thread(target=_leave_with, args=(int(os.environ[STARTER]),), daemon=True).start()
    run = Run.open(wanted.run)
    settings = stored_recipe(run).distributed
    # Each machine has a run folder of its own. Only DDP has whole weights on each, to fill it with.
    run.writes = local_rank == 0 and (settings.kind == "ddp" or settings.machine_rank == 0)
    if run.record["config"]["device"] == "cuda":
        torch.cuda.set_device(local_rank)
    try:
        train_here(run, resume_from=wanted.resume_from)
        if local_rank == 0 and not run.writes:
            run.writes = True
            run.finish(run.record["result"])
    except SdpError as error:
        note_failure(wanted.run, rank, error)
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
    return 0


def _leave_with(starter: int) -> None:
    """Ends this process, as `kill -9` would, once the one that waits for it was killed: its lock is gone, too."""
    while psutil.pid_exists(starter):
        time.sleep(_LOOK_S)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
