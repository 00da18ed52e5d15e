"""The command, as a process: `kill -9`, Ctrl-C, SIGTERM."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.finetuning import cases

from sdp.runs.folder import Run

STEPS = 40
SMALL = ["-o", "training.per_device_train_batch_size=8", "-o", "training.save_steps=5", "-o", "lora.dropout=0.1",
         "-o", "training.eval_steps=7", "-o", "eval_rows=8", "--device", "cpu", "--steps", str(STEPS)]  # fmt: skip


def sdp(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sdp", "finetune", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


def stopped(words: list[str], how: signal.Signals) -> tuple[int, Run]:
    """Starts a run of its own folder and stops it once a checkpoint is there."""
    process = sdp(*words, "--out", "broken", "--quiet")
    while not list(Path("broken").glob("*/checkpoints/step-*")):
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.02)
    process.send_signal(how)
    process.communicate(timeout=300)
    (path,) = Path("broken").iterdir()
    return process.returncode, Run.open(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "code", "status"),
    [
        (signal.SIGKILL, -signal.SIGKILL, "running"),
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "interrupted"),
    ],
)
def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(
    model_folder: Path, data: Path, how: signal.Signals, code: int, status: str
) -> None:
    words = ["--model", str(model_folder), *SMALL]
    straight = json.loads(finished(sdp(*words, "--json")))
    returned, broken = stopped(words, how)
    assert (returned, broken.record["status"]) == (code, status)
    assert not (broken.path / "adapter").exists()
    resumed = json.loads(finished(sdp("--out", "broken", "--resume", "--json")))
    assert 0 < resumed["resumed_from"] < STEPS
    assert cases.adapter_bytes(broken) == cases.adapter_bytes(Run.open(Path(straight["run"])))


@pytest.mark.slow
def test_two_do_not_work_on_one_run(model_folder: Path, data: Path) -> None:
    first = sdp("--model", str(model_folder), *SMALL, "--steps", "100000", "--quiet")
    while not list(Path("runs").glob("*/checkpoints/step-*")):
        assert first.poll() is None, first.communicate()[1]
        time.sleep(0.02)
    second = sdp("--resume", "--quiet")
    _, err = second.communicate(timeout=300)
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=300)
    assert second.returncode == 3
    assert "another process" in err


@pytest.mark.slow
def test_people_get_a_summary(model_folder: Path, data: Path) -> None:
    out = finished(sdp("--model", str(model_folder), *SMALL))
    for text in (
        "examples/s",
        "parameters",
        "nats per answer token",
        "sdp bench --compare baseline",
        "adapter",
    ):
        assert text in out


def test_a_run_is_named_only_to_go_on_with_it() -> None:
    process = sdp("runs/x")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 2
    assert "--resume" in err


def test_a_resumed_run_does_not_pass_over_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDP_FINETUNE_METHOD", "full")  # for new runs
    process = sdp("runs/x", "--resume", "--seed", "3")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 2
    assert "--seed" in err
    assert "keeps what it began with" in err
