"""Fewer checkpoints, or back to an earlier one."""

import json
from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.data.atomic import alone
from sdp.errors import InputError
from sdp.runs.checkpoints.folder import complete
from sdp.runs.checkpoints.tensors import load
from sdp.runs.folder import Run
from sdp.workflows.checkpoint_change import prune_checkpoints, roll_back

ROOT = Path("runs")
LOSSES = {10: 0.5, 20: 0.2, 30: 0.4, 40: 0.6}


def test_prune_keeps_what_is_asked_for() -> None:
    run = made.make_run(ROOT, LOSSES, "complete")
    done = prune_checkpoints(None, "best:1", ROOT)
    assert (done.kept, done.removed, done.needed) == ([20], [10, 30, 40], False)
    assert list(complete(run.path / "checkpoints")) == [20]
    assert done.freed_bytes > 0


def test_a_run_that_is_not_at_its_end_keeps_what_it_needs() -> None:
    run = made.make_run(ROOT, LOSSES)
    done = prune_checkpoints(run.path.name, "best:1", ROOT)
    assert (done.kept, done.needed) == ([20, 40], True)


def test_a_run_that_is_worked_on_is_left_alone() -> None:
    run = made.make_run(ROOT, LOSSES)
    for action in (lambda: prune_checkpoints(None, "last:1", ROOT), lambda: roll_back(":10", ROOT)):
        with alone(run.path), pytest.raises(InputError, match="another process works on"):
            action()


def test_a_rollback_makes_an_earlier_one_the_newest_and_its_weights_the_result() -> None:
    run = made.make_run(ROOT, LOSSES, "complete")
    done = roll_back(":20", ROOT)
    assert (done.step, done.aside, done.results) == (20, [30, 40], ["adapter"])
    assert list(complete(run.path / "checkpoints")) == [10, 20]
    assert sorted(path.name for path in (run.path / "checkpoints" / "aside").iterdir()) == [
        "step-000030",
        "step-000040",
    ]
    weights = load(run.path / "adapter" / "adapter_model.safetensors")["a.weight"].values()
    assert (weights == made.weights(20)["a.weight"]).all()
    assert json.loads((run.path / "adapter" / "sdp.json").read_text()) == {"step": 20, "prompt_format": "plain"}
    now = Run.open(run.path)
    assert (now.record["status"], now.record["rolled_back"]) == ("interrupted", 20), "it can be resumed"
    assert now.events()[-1]["event"] == "rollback"
    assert roll_back(":10", ROOT).aside == [20]
    assert len(list((run.path / "checkpoints" / "aside").iterdir())) == 3


def test_nobody_goes_back_to_a_damaged_one() -> None:
    run = made.make_run(ROOT, LOSSES)
    (run.path / "checkpoints" / "step-000020" / "optimizer.pt").write_bytes(b"x")
    with pytest.raises(InputError, match="is damaged"):
        roll_back(":20", ROOT)
    assert list(complete(run.path / "checkpoints")) == [10, 20, 30, 40]
    lonely = made.publish(Path("elsewhere"), 5)
    with pytest.raises(InputError, match="lies in no run"):
        roll_back(str(lonely), ROOT)
