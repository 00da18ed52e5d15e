"""A token whose embedding is not a number: the examples that hold it are known beforehand."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.finetuning import cases

from sdp.errors import InputError
from sdp.finetuning.arguments import order_of
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.callbacks.not_finite import FILE
from sdp.finetuning.job import Job

IDS = np.arange(100, 112, dtype=np.uint64)


def broken_job() -> tuple[Job, set[int]]:
    """A job that meets the bad token in its second step or later, and the examples that hold it."""
    job = cases.job(per_device_train_batch_size=4, max_steps=3)
    steps = [set(map(int, order_of(job).step(step))) for step in range(3)]
    holders = {
        int(token): {i for i in range(len(job.train)) if token in job.train[i][0]} for token in set(job.train.ids)
    }
    token, bad = next((t, h) for t, h in holders.items() if not h & steps[0])

    def spoil(module: torch.nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> torch.Tensor:
        return output.masked_fill((inputs[0] == token).unsqueeze(-1), float("nan"))

    job.model.get_input_embeddings().register_forward_hook(spoil)  # its weight is also the head's: all would be spoilt
    return replace(job, train=replace(job.train, row_ids=IDS), tokenizer=cases.JOINER.tokenizer), bad


def test_training_stops_before_the_weights_are_spoilt_and_names_the_rows(tmp_path: Path) -> None:
    job, bad = broken_job()
    step = next(step for step in range(3) if bad & set(map(int, order_of(job).step(step))))
    run = cases.new_run(tmp_path)
    with pytest.raises(InputError, match=f"step {step + 1} is not a number") as caught:
        train(job, run)
    assert FILE in str(caught.value)
    written = json.loads((run.path / FILE).read_text())
    assert written["step"] == step + 1
    in_step = list(map(int, order_of(job).step(step)))
    assert [row["id"] for row in written["rows"]] == [f"{IDS[i]:016x}" for i in in_step]
    assert {i for i, row in zip(in_step, written["rows"], strict=True) if row["loss"] is None} == bad & set(in_step)
    assert all("Spell " in row["text"] for row in written["rows"])
    learnt = {name: w for name, w in job.model.named_parameters() if w.requires_grad}
    assert all(torch.isfinite(weights).all() for weights in learnt.values())
    assert not (run.path / "adapter").exists()
    assert [event["step"] for event in run.events() if event["event"] == "not_finite"] == [step + 1]


def test_a_finite_loss_leaves_no_file(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    train(cases.job(), run)
    assert not (run.path / FILE).exists()
