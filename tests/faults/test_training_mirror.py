"""A training whose checkpoints go to an object store: the machine is lost, and it goes on elsewhere, bit by bit."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
from tests.faults.trainings import begin, made, process, same, there, undisturbed

from sdp.runs.folder import Run

__all__ = ["begin", "made", "process", "undisturbed"]
URL = "s3://bucket/runs"
MIRROR = ("-o", f"checkpoints.mirror={URL}")
pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Another machine: no runs, no data."""

    def move() -> None:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")

    return move


def stored(s3) -> dict[str, set[str]]:
    """Names of the files of every checkpoint in the store."""
    found = {}
    for key in s3.keys("bucket"):
        if match := re.fullmatch(r"runs/[^/]+/checkpoints/(step-\d+)/(.+)", key):
            found.setdefault(match[1], set()).add(match[2])
    return found


def whole(s3) -> list[str]:
    return sorted(step for step, files in stored(s3).items() if "checkpoint.json" in files)


def wait_for(condition, process) -> None:
    while not condition():
        assert process.process.poll() is None
        time.sleep(0.02)


WAITS = """
import time
from pathlib import Path

class Waits:
    def should_stop(self, step, metrics):
        while step >= 4 and not Path("go").exists():
            time.sleep(0.02)
        return False
"""
"""A criterion that holds a training up until the store has its first checkpoint, whichever of the two is faster."""


def test_a_machine_that_is_lost_while_a_checkpoint_is_on_its_way(process, begin, undisturbed, s3, elsewhere):
    run, _ = undisturbed
    Path("waits.py").write_text(WAITS)
    process.start(*begin, *MIRROR, "-o", "stopping.criterion=waits:Waits", **s3.environment())
    wait_for(lambda: whole(s3) == ["step-000003"], process)
    s3.fail({"match": "PUT .*step-.*optimizer", "how": "stall"})
    Path("go").touch()
    wait_for(lambda: any("PUT" in line and "/optimizer" in line for line in s3.log()), process)
    wait_for(lambda: list(Path("runs").glob("*/checkpoints/step-000014")), process)  # it does not wait for the store
    os.kill(int(Path("pid.txt").read_text()), signal.SIGKILL)
    assert process.done().code == -signal.SIGKILL
    assert whole(s3) == ["step-000003"], "what is half there does not count"
    s3.fail()
    elsewhere()
    Path("waits.py").write_text(WAITS)
    Path("go").touch()
    done = process.sdp("finetune", "--resume", URL, "--device", "cpu", **s3.environment())
    assert done.code == 0, done.err
    assert "data set spelling fetched into runs/" in done.err
    (here,) = map(Run.open, there())
    assert next(event for event in here.events() if event["event"] == "resumed")["step"] == 3
    same(here, run)
    local = {path.name: {file.name for file in path.iterdir()} for path in here.path.glob("checkpoints/step-*")}
    assert stored(s3) == local, "nothing else is there"
    assert f"runs/{here.path.name}/adapter/adapter_model.safetensors" in s3.keys("bucket")


def test_the_last_checkpoint_of_a_machine_that_is_taken_away_is_sent(process, begin, undisturbed, s3, elsewhere):
    run, n_touches = undisturbed
    done = process.sdp(*begin, *MIRROR, fate=f"{n_touches // 2}:0:{signal.SIGTERM:d}", **s3.environment())
    assert done.code == 143
    (left,) = there()
    assert whole(s3) == sorted(path.name for path in left.glob("checkpoints/step-*"))
    elsewhere()
    assert process.sdp("finetune", "--resume", f"{URL}/{left.name}", "--device", "cpu", **s3.environment()).code == 0
    (here,) = map(Run.open, there())
    same(here, run)


def test_a_store_that_fails_stops_nothing(process, begin, undisturbed, s3):
    run, _ = undisturbed
    s3.fail({"match": "PUT .*step-0", "how": "500", "times": 10_000})
    done = process.sdp(*(word for word in begin if word != "--quiet"), *MIRROR, **s3.environment())
    assert done.code == 0, done.err
    assert f"not sent to {URL}: the store does not take it" in done.err
    (left,) = there()
    assert f"send it yourself: sdp checkpoint push {left.name} {URL}" in done.err
    assert [event for event in Run.open(left).events() if event["event"] == "mirror" and event["error"]]
    same(Run.open(left), run, but={"rng_state.pth"})  # botocore draws its pauses from Python's own generator
    assert whole(s3) == []
    s3.fail()
    assert process.sdp("checkpoint", "push", left.name, URL, **s3.environment()).code == 0
    assert whole(s3) == sorted(path.name for path in left.glob("checkpoints/step-*"))


def test_a_store_that_takes_nothing_is_said_before_anything_is_trained(process, begin, s3):
    done = process.sdp(*begin, "-o", "checkpoints.mirror=s3://nowhere/runs", **s3.environment())
    assert done.code == 5
    assert "there is no bucket 'nowhere'" in done.err
    assert process.sdp(*begin, "-o", "checkpoints.mirror=s4://x/y", **s3.environment()).code == 3


def test_a_damaged_checkpoint_in_the_store_is_passed_over(process, begin, undisturbed, s3, elsewhere):
    run, n_touches = undisturbed
    words = (*begin, *MIRROR, "-o", "checkpoints.keep=all")
    done = process.sdp(*words, fate=f"{int(n_touches * 0.7)}:0:{signal.SIGTERM:d}", **s3.environment())
    assert done.code == 143
    newest = whole(s3)[-1]
    key = next(key for key in s3.keys("bucket") if key.endswith(f"{newest}/optimizer.pt"))
    data = bytearray(s3.client().get_object(Bucket="bucket", Key=key)["Body"].read())
    data[1000] ^= 1
    s3.client().put_object(Bucket="bucket", Key=key, Body=bytes(data))
    elsewhere()
    done = process.sdp("finetune", "--resume", URL, "--device", "cpu", **s3.environment())
    assert done.code == 0, done.err
    assert "passed over: 'optimizer.pt' in '" in done.err
    (here,) = map(Run.open, there())
    same(here, run)
