"""Recipes of run folders: this version's, and an earlier one's, written out as it wrote them."""

from typing import Any

import pytest

from sdp.errors import ConfigError
from sdp.recipes.schema import defaults_for
from sdp.recipes.stored import read_stored

BEFORE: dict[str, Any] = {
    "model": "tiny", "data": [{"source": "data/spelling", "share": 1.0}], "prompt_format": "auto", "system": None,
    "answer_style": "auto", "dtype": "auto", "eval_rows": 512,
    "lora": {"r": 16, "alpha": None, "dropout": 0.0, "target_modules": "all-linear"},
    "training": {
        "max_steps": 600, "learning_rate": 0.005, "per_device_train_batch_size": 64, "per_device_eval_batch_size": 128,
        "gradient_accumulation_steps": 1, "lr_scheduler_type": "linear", "warmup_steps": 20, "weight_decay": 0.0,
        "max_grad_norm": 1.0, "logging_steps": 20, "eval_steps": 150, "save_steps": 150, "seed": 0,
        "early_stopping_patience": 7,
    },
}  # fmt: skip


def test_an_earlier_version_s_recipe_means_what_it_meant() -> None:
    recipe = read_stored(BEFORE, where="run.json")
    assert recipe.stopping.patience == 7
    assert recipe.method == "lora"
    assert recipe.training.logging_steps == 20, "as it was written, whatever the default has become"
    others = {"logging_steps"}
    assert recipe.training.model_dump(exclude=others) == defaults_for("tiny").training.model_dump(exclude=others)
    assert "early_stopping_patience" in BEFORE["training"], "what was read is not changed"


def test_this_version_s_recipe_is_read_as_it_is() -> None:
    recipe = defaults_for("some/model", "full")
    assert read_stored(recipe.model_dump(), where="run.json") == recipe


def test_a_key_of_no_version_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="surprise") as caught:
        read_stored({**BEFORE, "surprise": 1}, where="run.json")
    assert caught.value.where == "run.json"
