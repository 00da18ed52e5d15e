"""Starting the processes that train together, and waiting for them."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import torch

from sdp.data.atomic import disk, write_json
from sdp.errors import ResourceError
from sdp.finetuning.arguments import pick_precision
from sdp.finetuning.distributed.command import launch_command
from sdp.finetuning.distributed.deepspeed import deepspeed_config
from sdp.finetuning.distributed.failure import FOLDER, noted_failure
from sdp.progress import SILENT, Bar, Progress
from sdp.recipes.schema import Distributed
from sdp.recipes.stored import read_stored
from sdp.runs.folder import EVENTS, RECORD, Run

LOG = "processes.log"
STARTER = "SDP_STARTED_BY"
"""Environment variable: the number of the process that waits. When that is gone, nobody wants the work any more."""

_LOOK_S = 0.25
_LEAVE_S = 60.0
"""How long processes that were asked to end may take: they write a checkpoint."""


def launch(run: Run, settings: Distributed, *, resume_from: Path | None = None, progress: Progress = SILENT) -> None:
    """Starts ``accelerate launch … -m sdp.workflows.train_process RUN`` and waits until the run is complete.

    Args:
        run: Its record holds everything the processes need.
        settings: How many, and where.
        resume_from: A complete checkpoint; None: from the start.
        progress: Shows steps.

    Raises:
        SdpError: What a process failed with.
        ResourceError: A process ended without saying why.
    """
    recipe = read_stored(run.record["config"]["recipe"], where=str(run.path / RECORD))
    device = run.record["config"]["device"]
    if device == "cuda":
        torch.cuda.empty_cache()  # what this process opened to check it is gone; the memory is the others'
    notes = run.path / FOLDER
    shutil.rmtree(notes, ignore_errors=True)
    config = notes / "deepspeed.json"
    if settings.kind == "deepspeed":
        write_json(config, deepspeed_config(recipe, pick_precision(recipe, device)))
    here = settings.num_processes // settings.num_machines
    threads = max(1, torch.get_num_threads() // here)
    command = launch_command(settings, run.path, n_threads=threads, resume_from=resume_from, deepspeed=config)
    progress.note(f"{here} processes on this machine, of {settings.num_processes}")
    first = int(resume_from.name.removeprefix("step-")) if resume_from else 0
    total = max((recipe.training.max_steps or first) - first, 0)  # 0: epochs decide, nobody here knows
    with disk(run.path / LOG), (run.path / LOG).open("ab") as log, progress.bar("training", total, "steps") as bar:
        code = _wait(command, log.fileno(), _Steps(run.path / EVENTS, first), bar)
    if code:
        raise noted_failure(run.path) or ResourceError(
            f"a training process ended with exit code {code}", where=str(run.path / LOG), hint=_last_line(run.path)
        )
    shutil.rmtree(notes, ignore_errors=True)


def _wait(command: list[str], log: int, seen: "_Steps", bar: Bar) -> int:
    environment = os.environ | {STARTER: str(os.getpid()), "TOKENIZERS_PARALLELISM": "false"}
    with _ended(
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    ) as started:
        while started.poll() is None:
            bar.advance(seen.new())
            time.sleep(_LOOK_S)
        bar.advance(seen.new())
    return started.returncode


@contextmanager
def _ended(started: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """Makes sure that the processes are gone before we are: Ctrl-C and SIGTERM go on to them."""
    try:
        yield started
    finally:
        if started.poll() is None:
            below = psutil.Process(started.pid).children(recursive=True)  # they outlive one that is killed
            started.terminate()
            try:
                started.wait(_LEAVE_S)
            except subprocess.TimeoutExpired:
                for process in (started, *below):
                    with suppress(psutil.NoSuchProcess):
                        process.kill()
                started.wait()


class _Steps:
    """Follows the steps that a run's events tell of.

    Args:
        path: The run's events.jsonl.
        first: The step that a resumed run begins at.
    """

    def __init__(self, path: Path, first: int = 0) -> None:
        self._path = path
        self._place = path.stat().st_size if path.is_file() else 0
        self._step = first

    def new(self) -> int:
        """Counts the steps since the last call."""
        before = self._step
        for line in self._lines():
            event = json.loads(line)
            if event["event"] == "train":
                self._step = int(event["step"])
        return self._step - before

    def _lines(self) -> list[bytes]:
        if not self._path.is_file():
            return []
        with self._path.open("rb") as handle:
            handle.seek(self._place)
            whole, newline, _ = handle.read().rpartition(b"\n")
        self._place += len(whole) + len(newline)
        return whole.splitlines()


def _last_line(run: Path) -> str | None:
    """Finds what the log says last that looks like a reason."""
    lines = (run / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if "Error" in line and "ChildFailed" not in line), None)
