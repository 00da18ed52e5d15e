"""Processes that train together: real ones, on gloo, beside one that trains alone."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
from tests.faults.processes import ended, sdp, start

from sdp.errors import InputError
from sdp.finetuning.distributed.launch import LOG, _ended, _Steps, launch
from sdp.recipes.schema import Distributed
from sdp.runs.folder import Run

STEPS = 6
SETTINGS = ["training.logging_steps=1", "training.eval_steps=3", "training.save_steps=3", "training.warmup_steps=0",
            "eval_rows=16", "lora.dropout=0", "checkpoints.keep=last:9"]  # fmt: skip


def words(model, name, *more, steps=STEPS, batch=8):
    settings = [*SETTINGS, f"training.per_device_train_batch_size={batch}"]
    overrides = [word for setting in settings for word in ("-o", setting)]
    return ["finetune", "--model", str(model), "--data", "spelling", "--steps", str(steps), "--name", name, "--quiet",
            "--device", "cpu", *overrides, *more]  # fmt: skip


def run_of(root, name):
    (path,) = (root / "runs").glob(f"*-{name}-*")
    return Run.open(path)


def curve(run):
    events = [event for event in run.events() if event["event"] in {"train", "eval"}]
    return [event["loss"] for event in events], [event["grad_norm"] for event in events if "grad_norm" in event]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def alone(data_root, model_folder, tmp_path_factory):
    """A run of one process, in a folder where others may run, too."""
    root = tmp_path_factory.mktemp("ddp")
    (root / "data").symlink_to(data_root)
    with contextlib.chdir(root):
        done = sdp(*words(model_folder, "alone"))
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def here(alone, monkeypatch):
    monkeypatch.chdir(alone)
    return alone


def same(found, wanted):
    for ours, theirs in zip(curve(found), curve(wanted), strict=True):
        assert len(ours) == len(theirs)
        assert ours == pytest.approx(theirs, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("batch", "accumulation"), [(4, 1), (2, 2)])
def test_two_processes_have_the_loss_curve_of_one(here, model_folder, batch, accumulation):
    name = f"two-{batch}"
    more = [
        "--distributed",
        "ddp",
        "--num-processes",
        "2",
        "-o",
        f"training.gradient_accumulation_steps={accumulation}",
    ]
    done = sdp(*words(model_folder, name, *more, batch=batch))
    assert done.returncode == 0, done.stderr
    run = run_of(here, name)
    assert run.record["status"] == "complete"
    same(run, run_of(here, "alone"))
    kept = sorted(path.name for path in (run.path / "checkpoints" / "step-000006").glob("rng_state*"))
    assert kept == ["rng_state_0.pth", "rng_state_1.pth"]
    assert (run.path / "adapter" / "adapter_model.safetensors").is_file()


@pytest.mark.slow
def test_two_machines_have_it_too_and_each_keeps_everything(here, model_folder):
    meet = ["--distributed", "ddp", "--num-processes", "2", "--num-machines", "2",
            "--main-process-ip", "127.0.0.1", "--main-process-port", str(free_port())]  # fmt: skip
    machines = [
        start(
            *words(model_folder, f"machine{rank}", *meet, "--machine-rank", str(rank), batch=4), command=("-m", "sdp")
        )
        for rank in (0, 1)
    ]
    done = [ended(machine) for machine in machines]
    assert [one.returncode for one in done] == [0, 0], done[0].stderr + done[1].stderr
    runs = [run_of(here, f"machine{rank}") for rank in (0, 1)]
    for run in runs:
        same(run, run_of(here, "alone"))
    weights = [(run.path / "adapter" / "adapter_model.safetensors").read_bytes() for run in runs]
    assert weights[0] == weights[1]


def wait_for(reached):
    while not reached():
        time.sleep(0.05)


def steps_done(root, name):
    paths = list((root / "runs").glob(f"*-{name}-*/events.jsonl"))
    return sum(line.count('"event": "train"') for path in paths for line in [path.read_text()])


@pytest.mark.slow
def test_sigterm_ends_all_with_a_checkpoint_and_they_go_on_from_there(here, model_folder):
    more = ["--distributed", "ddp", "--num-processes", "2"]
    begun = start(*words(model_folder, "term", *more, steps=16, batch=4), command=("-m", "sdp"))
    wait_for(lambda: steps_done(here, "term") > 3 or begun.poll() is not None)
    begun.send_signal(signal.SIGTERM)
    done = ended(begun)
    assert done.returncode == 143, done.stderr
    run = run_of(here, "term")
    assert run.record["status"] == "interrupted"
    assert list((run.path / "checkpoints").glob("step-*/checkpoint.json"))
    resumed = sdp("finetune", "--resume", str(run.path), "--quiet", "--device", "cpu")
    assert resumed.returncode == 0, resumed.stderr
    steps = [event["step"] for event in run.events() if event["event"] == "train"]
    assert sorted(set(steps)) == list(range(1, 17))
    assert Run.open(run.path).record["status"] == "complete"


@pytest.mark.slow
def test_nobody_trains_on_for_a_command_that_was_killed(here, model_folder):
    more = ["--distributed", "ddp", "--num-processes", "2"]
    begun = start(*words(model_folder, "kill", *more, steps=4000, batch=4), command=("-m", "sdp"))
    wait_for(lambda: steps_done(here, "kill") > 3 or begun.poll() is not None)
    family = psutil.Process(begun.pid).children(recursive=True)
    assert len(family) >= 3  # accelerate and two processes
    begun.kill()
    ended(begun)
    _, left = psutil.wait_procs(family, timeout=60)
    assert not left


@pytest.mark.slow
def test_an_error_of_a_process_is_the_error_of_the_run(here):
    """The record tells of other data than there is: the processes find out, and say so."""
    settings = Distributed(kind="ddp", num_processes=2)
    recipe = {**run_of(here, "alone").record["config"]["recipe"], "distributed": settings.model_dump()}
    run = Run.create(here / "runs", "finetune", "fails", {"recipe": recipe, "device": "cpu", "data": []})
    with pytest.raises(InputError, match="not what the run began with"):
        launch(run, settings)
    assert (run.path / LOG).is_file()


_PARENT = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; print(1, flush=True); time.sleep(600)"])
time.sleep(600)
"""


def test_processes_that_do_not_leave_when_asked_are_ended_with_theirs(monkeypatch):
    monkeypatch.setattr("sdp.finetuning.distributed.launch._LEAVE_S", 0.2)
    begun = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE)
    with begun.stdout, _ended(begun):
        begun.stdout.readline()  # the child is there
        (child,) = psutil.Process(begun.pid).children()
    assert begun.returncode is not None
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running()


def test_progress_follows_the_events(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text(json.dumps({"event": "train", "step": 4}) + "\n")
    steps = _Steps(path, first=4)
    assert steps.new() == 0  # what was there before a resumption
    with path.open("a") as handle:
        handle.write(json.dumps({"event": "eval", "step": 5}) + "\n" + json.dumps({"event": "train", "step": 6}) + "\n")
        handle.write('{"event": "tr')
    assert steps.new() == 2
    with path.open("a") as handle:
        handle.write('ain", "step": 9}\n')
    assert steps.new() == 3
    assert steps.new() == 0


def test_there_are_no_steps_before_there_are_events(tmp_path):
    assert _Steps(tmp_path / "events.jsonl").new() == 0
