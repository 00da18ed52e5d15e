"""Every key of `training` and `lora` that decides about the result is changed, and the run is seen to change."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.finetuning import cases

from sdp.finetuning.arguments import total_steps
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.job import Trained
from sdp.recipes.schema import Lora, Training
from sdp.runs.folder import Run

BASE: dict[str, Any] = {"max_steps": 3, "save_steps": 3, "eval_steps": 3, "gradient_checkpointing": False}

DECIDES: dict[str, dict[str, Any]] = {
    "learning_rate": {"learning_rate": 2e-2},
    "per_device_train_batch_size": {"per_device_train_batch_size": 6},
    "gradient_accumulation_steps": {"gradient_accumulation_steps": 2},
    "optim": {"optim": "sgd"},
    "lr_scheduler_type": {"lr_scheduler_type": "cosine"},
    "lr_scheduler_kwargs": {"lr_scheduler_type": "cosine", "lr_scheduler_kwargs": {"num_cycles": 2}},
    "warmup_steps": {"warmup_steps": 2},
    "weight_decay": {"weight_decay": 0.5},
    "adam_beta1": {"adam_beta1": 0.5},
    "adam_beta2": {"adam_beta2": 0.9},
    "adam_epsilon": {"adam_epsilon": 0.1},
    "max_grad_norm": {"max_grad_norm": 1e-3, "adam_epsilon": 0.1},
    "label_smoothing_factor": {"label_smoothing_factor": 0.2},
    "bf16": {"bf16": True},
    "seed": {"seed": 1},
    "max_steps": {"max_steps": 2, "save_steps": 2},
    "num_train_epochs": {"max_steps": None, "num_train_epochs": 2.0},
}
"""Key → settings that differ from `BASE` in what it does."""

LOOKED_AT_ELSEWHERE = {
    "per_device_eval_batch_size": "changes no number, below",
    "logging_steps": "below",
    "eval_steps": "below",
    "save_steps": "below",
    "save_total_limit": "below",
    "fp16": "needs CUDA: test_device_needs.py",
    "gradient_checkpointing": "changes no number, below",
    "max_length": "test_too_long.py, test_workflow.py",
    "too_long": "test_too_long.py, test_workflow.py",
    "packing": "tests of the lean path",
}


def trained(folder: Path, *, evaluates: bool = False, **changed: Any) -> tuple[Run, Trained]:
    run = cases.new_run(folder, "-".join(changed) or "base")
    return run, train(cases.job(validation=cases.examples(5) if evaluates else None, **{**BASE, **changed}), run)


@cache
def base_bytes(folder: Path, shape: str = "llama") -> bytes:
    return cases.adapter_bytes(trained(folder, shape=shape)[0])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("options")


def test_every_key_is_looked_at() -> None:
    assert set(Training.model_fields) == DECIDES.keys() | LOOKED_AT_ELSEWHERE.keys()


@pytest.mark.parametrize("key", DECIDES)
def test_a_key_changes_the_adapter(folder: Path, key: str) -> None:
    partner = {name: value for name, value in DECIDES[key].items() if name not in {key, "save_steps"}}
    before = base_bytes(folder)
    if key not in {"max_steps", "num_train_epochs"} and partner:  # it shows only together with another key
        before = cases.adapter_bytes(trained(folder, **partner)[0])
    assert cases.adapter_bytes(trained(folder, **DECIDES[key])[0]) != before


@pytest.mark.parametrize(
    "change",
    [{"r": 8}, {"alpha": 3}, {"dropout": 0.3}, {"bias": "all"}, {"use_rslora": True}, {"target_modules": "q_proj"},
     {"init_lora_weights": "gaussian"}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_key_of_lora_changes_the_adapter(folder: Path, change: dict[str, Any]) -> None:
    shape = "qwen2"  # has biases
    assert cases.adapter_bytes(trained(folder, shape=shape, lora=change)[0]) != base_bytes(folder, shape)


def test_every_key_of_lora_is_looked_at() -> None:
    assert set(Lora.model_fields) == {
        "r", "alpha", "dropout", "bias", "use_rslora", "target_modules", "init_lora_weights",
    }  # fmt: skip


def test_what_costs_memory_or_time_changes_no_number(folder: Path) -> None:
    _, before = trained(folder, evaluates=True)
    for change in ({"per_device_eval_batch_size": 2}, {"gradient_checkpointing": True}):
        run, after = trained(folder, evaluates=True, **change)
        assert after.eval_loss == pytest.approx(before.eval_loss, rel=1e-5), change
        for name, weights in cases.adapter(run).items():
            assert np.isfinite(weights.numpy()).all(), (change, name)


def test_intervals_are_kept(folder: Path) -> None:
    run, _ = trained(folder, evaluates=True, max_steps=6, logging_steps=2, eval_steps=3, save_steps=1)
    steps = {
        kind: [event["step"] for event in run.events() if event["event"] == kind]
        for kind in ("train", "eval", "checkpoint")
    }
    assert steps == {"train": [2, 4, 6], "eval": [3, 6], "checkpoint": [1, 2, 3, 4, 5, 6]}


def test_a_limit_on_checkpoints_is_kept(folder: Path) -> None:
    run = cases.new_run(folder, "limit")
    train(cases.job(max_steps=5, save_steps=1, save_total_limit=3), run)
    names = sorted(path.name for path in (run.path / "checkpoints").iterdir())
    assert names == ["step-000003", "step-000004", "step-000005"]


@pytest.mark.parametrize(("epochs", "steps"), [(1.0, 3), (2.0, 6), (0.5, 2)])
def test_epochs_become_steps(folder: Path, epochs: float, steps: int) -> None:
    """12 examples in batches of 4."""
    _, done = trained(folder, max_steps=None, num_train_epochs=epochs)
    job = cases.job(**{**BASE, "max_steps": None, "num_train_epochs": epochs})
    assert (done.steps, total_steps(job), done.stopped_early) == (steps, steps, False)


def test_a_share_of_the_steps_is_a_warm_up(folder: Path) -> None:
    run, _ = trained(folder, max_steps=8, save_steps=8, eval_steps=8, warmup_steps=0.5)
    rates = [event["learning_rate"] for event in run.events() if event["event"] == "train"]
    assert rates == sorted(rates[:5]) + sorted(rates[5:], reverse=True), "it rises for half of the steps"
    assert max(rates) == rates[4] == pytest.approx(1e-2)


def test_smoothing_is_that_of_the_definition(folder: Path) -> None:
    """(1 - ε) of the loss, and ε of the mean loss over the vocabulary; the evaluation loss is without."""
    data = cases.examples(6)
    plain = cases.job(train=data, validation=data, per_device_train_batch_size=6, max_steps=1, eval_steps=1)
    smooth = cases.job(train=data, validation=data, per_device_train_batch_size=6, max_steps=1, eval_steps=1,
                       label_smoothing_factor=0.5, learning_rate=1e-12)  # fmt: skip
    runs = [cases.new_run(folder, str(i)) for i in range(2)]
    done = [train(job, run) for job, run in zip((plain, smooth), runs, strict=True)]
    losses = [next(e["loss"] for e in run.events() if e["event"] == "train") for run in runs]
    import torch

    total, n = 0.0, 0
    with torch.no_grad():
        for ids, n_prompt in (data[i] for i in range(6)):
            tokens = torch.from_numpy(ids).long()
            logs = cases.job().model.eval()(tokens[None]).logits[0, n_prompt - 1 : -1].log_softmax(-1)
            total -= float(logs.mean(-1).sum())
            n += len(tokens) - n_prompt
    assert losses[1] == pytest.approx(0.5 * losses[0] + 0.5 * total / n, rel=1e-4)
    assert done[1].eval_loss == pytest.approx(losses[0], rel=1e-4)


def test_what_was_asked_for_is_in_the_adapter_s_config(folder: Path) -> None:
    run = cases.new_run(folder, "config")
    train(cases.job(lora={"r": 8, "use_rslora": True, "bias": "lora_only", "dropout": 0.1}, **BASE), run)
    config = json.loads((run.path / "adapter" / "adapter_config.json").read_text())
    names = ("r", "lora_alpha", "use_rslora", "bias", "lora_dropout")
    assert [config[name] for name in names] == [8, 16, True, "lora_only", 0.1]
