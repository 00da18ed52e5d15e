"""A run that had to cut its micro-batches goes on with the same cuts, so to the same bits."""

from pathlib import Path

import pytest
import torch
from tests.finetuning import cases
from tests.finetuning.test_trainer import limited

from sdp.finetuning.backends.lean import build
from sdp.finetuning.backends.lean import run as train


def test_a_resumed_run_cuts_as_the_undisturbed_one_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"lora": {"dropout": 0.3}, "gradient_checkpointing": False, "max_steps": 4, "save_steps": 2}
    straight = cases.new_run(tmp_path)
    with monkeypatch.context() as patch:
        limited(patch, 2)
        train(cases.job(**settings), straight)
    middle = straight.path / "checkpoints" / "step-000002"
    again = cases.new_run(tmp_path)
    train(cases.job(**settings), again, resume_from=middle)  # memory suffices again: it is cut all the same
    wanted = cases.adapter(straight)
    assert all(torch.equal(weight, wanted[name]) for name, weight in cases.adapter(again).items())


def test_a_checkpoint_from_before_there_were_parts_is_whole(tmp_path: Path) -> None:
    with build(cases.job(), tmp_path) as trainer:
        trainer.state.stateful_callbacks.pop("Parts", None)
        trainer.callback_handler.on_train_begin(trainer.args, trainer.state, trainer.control)
        assert trainer.n_parts == 1
