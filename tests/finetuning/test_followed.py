"""A training is logged and tracked as its recipe says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.finetuning.test_train import Killer
from tests.finetuning.test_workflow import SMALL
from tests.runs.tracking.recording import Recording, install

from sdp.errors import ConfigError, MissingExtra
from sdp.runs.folder import Run
from sdp.workflows.finetune import FinetuneRequest, finetune
from sdp.workflows.sync import SyncRequest, sync


@pytest.fixture
def request_(model_folder: Path, data: Path) -> FinetuneRequest:
    return FinetuneRequest(model=str(model_folder), steps=4, overrides=(*SMALL, "tracking.to=wandb"), device="cpu")


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> Recording:
    tracker = Recording("wandb")
    install(monkeypatch, tracker)
    return tracker


def test_losses_weights_and_status_reach_the_tracker(request_: FinetuneRequest, tracker: Recording) -> None:
    result = finetune(request_)
    logged = [event for event in Run.open(result.run).events() if event["event"] in {"train", "eval"}]
    losses = [value for name, _, value in tracker.values if name in {"train/loss", "eval/loss"}]
    assert losses == [event["loss"] for event in logged]
    assert [step for name, step, _ in tracker.values if name == "train/loss"] == [2, 4]
    assert [(name, kind) for name, kind, _ in tracker.artifacts] == [("adapter", "model")]
    assert tracker.statuses == ["complete"]
    lines = [json.loads(line) for line in (result.run / "log.jsonl").read_text().splitlines()]
    assert {line["run"] for line in lines} == {result.run.name}
    assert (lines[0]["event"], lines[-1]["event"]) == ("begun", "done")
    (row,) = sync(SyncRequest())
    assert (row.outcome, row.n_events) == ("up to date", 0)


def test_a_resumed_run_is_one_run_for_the_tracker(request_: FinetuneRequest, tracker: Recording) -> None:
    with pytest.raises(KeyboardInterrupt):
        finetune(request_, Killer(3))
    assert tracker.statuses == ["interrupted"]
    result = finetune(FinetuneRequest(resume="", device="cpu"))
    assert tracker.begun == [None, f"wandb-{result.run.name}"]
    assert tracker.statuses == ["interrupted", "complete"]
    assert [step for name, step, _ in tracker.values if name == "train/loss"] == [2, 4]


def test_a_missing_tracker_is_said_before_the_model_is_loaded(
    request_: FinetuneRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sdp.workflows.finetune.prepare", lambda *args, **kwargs: pytest.fail("loaded"))
    with pytest.raises(MissingExtra, match="--track wandb needs the package wandb"):
        finetune(request_)
    monkeypatch.setenv("SDP_LOG", "loud")
    with pytest.raises(ConfigError, match="'loud' is no log level"):
        finetune(replace(request_, overrides=SMALL))
    assert not Path("runs").exists()
