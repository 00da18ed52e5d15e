"""DeepSpeed's configuration: accepted by DeepSpeed."""

import json
from pathlib import Path

import pytest
from tests.exports import environments

from sdp.finetuning.distributed.deepspeed import deepspeed_config
from sdp.recipes.schema import Distributed, Recipe, Training

PARSER = Path(__file__).with_name("parse_deepspeed.py")


def recipe(**fields):
    training = Training(gradient_accumulation_steps=3, per_device_train_batch_size=4, max_grad_norm=0.5)
    return Recipe(training=training, distributed=Distributed(kind="deepspeed", num_processes=2), **fields)


def test_every_number_stands_there():
    made = deepspeed_config(recipe(), "bf16")
    assert made["train_batch_size"] == 4 * 3 * 2
    assert "auto" not in json.dumps(made)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "stage"), [("lora", 2), ("full", 3)])
def test_deepspeed_s_own_parser_accepts_it(tmp_path, method, stage):
    path = tmp_path / "deepspeed.json"
    path.write_text(json.dumps(deepspeed_config(recipe(method=method), "bf16")))
    done = environments.run("deepspeed", PARSER, path, 2, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "stage": stage, "train_batch_size": 24, "micro_batch": 4, "accumulation": 3, "clipping": 0.5, "bf16": True,
        "fp16": False, "plugin_stage": stage,
    }  # fmt: skip


@pytest.mark.slow
def test_and_refuses_what_does_not_fit(tmp_path):
    """The parser is no rubber stamp: another number of processes, a key it does not know."""
    path = tmp_path / "deepspeed.json"
    path.write_text(json.dumps(deepspeed_config(recipe(), "bf16")))
    assert "train_batch_size" in environments.run("deepspeed", PARSER, path, 3, cwd=tmp_path).stderr
    wrong = deepspeed_config(recipe(), "bf16")
    wrong["zero_optimization"]["stages"] = 2
    path.write_text(json.dumps(wrong))
    assert "Extra inputs" in environments.run("deepspeed", PARSER, path, 2, cwd=tmp_path).stderr
