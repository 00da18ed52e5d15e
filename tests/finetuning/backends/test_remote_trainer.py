"""A trainer in another process: our callbacks decide, and what it writes becomes a run like any other."""

import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.finetuning import cases
from transformers import TrainerState

from sdp.errors import MissingExtra, ResourceError
from sdp.finetuning.backends.remote_trainer import LOG, RemoteTrainer, _write_settings
from sdp.finetuning.train import train
from sdp.progress import SILENT

WORKER = Path(__file__).with_name("fake_worker.py")


@pytest.fixture
def job():
    return cases.job(validation=cases.examples(4), max_steps=5, stopping={"patience": 2})


def trained_by(act, job, run, tmp_path):
    made = tmp_path / "made"
    job.model.save_pretrained(made)
    TrainerState(global_step=1).save_to_json(str(made / "trainer_state.json"))
    remote = RemoteTrainer(job, run.path / "checkpoints", [sys.executable, str(WORKER), act, str(made)], SILENT)
    return remote, train(job, run, build=lambda job, folder, progress: nullcontext(remote))


def test_early_stopping_decides_here_and_it_stops_there(job, tmp_path):
    run = cases.new_run(tmp_path)
    remote, trained = trained_by("train", job, run, tmp_path)
    assert trained.stopped_early
    assert (trained.best_step, trained.eval_loss) == (1, 1.0)
    assert trained.steps == 3  # the best, and two that were worse
    assert trained.peak_memory_bytes == 123
    assert trained.eval_s == pytest.approx(6.0)
    assert remote.versions == {"unsloth:torch": "9"}


def test_events_checkpoints_and_adapter_are_those_of_any_run(job, tmp_path):
    run = cases.new_run(tmp_path)
    trained_by("train", job, run, tmp_path)
    kinds = [event["event"] for event in run.events()]
    assert kinds.count("train") == kinds.count("eval") == 3
    assert (run.path / "checkpoints" / "step-000001" / "checkpoint.json").is_file()
    assert (run.path / "adapter" / "adapter_model.safetensors").is_file()
    assert not (run.path / ".worker").exists()


def test_a_worker_that_breaks_says_why(job, tmp_path):
    run = cases.new_run(tmp_path)
    with pytest.raises(ResourceError, match="RuntimeError: no memory left") as caught:
        trained_by("crash", job, run, tmp_path)
    assert caught.value.where == str(run.path / LOG)


def test_an_environment_without_the_library_is_a_missing_extra(job, tmp_path):
    with pytest.raises(MissingExtra, match="No module named 'unsloth'"):
        trained_by("missing", job, cases.new_run(tmp_path), tmp_path)


def test_the_worker_is_told_everything(job, tmp_path):
    import json

    job = replace(job, location="model/folder")
    path = _write_settings(job, tmp_path / "checkpoints", tmp_path / "work", "from/here")
    settings = json.loads(path.read_text())
    assert settings["lora"]["r"] == 4
    assert settings["lora"]["lora_alpha"] == 8
    assert {"q_proj", "down_proj"} <= set(settings["lora"]["target_modules"])
    assert (settings["model"], settings["resume_from"]) == ("model/folder", "from/here")
    rows = pq.read_table(settings["train"]).to_pylist()
    assert len(rows) == len(job.train)
    assert settings["arguments"]["max_steps"] == 5
