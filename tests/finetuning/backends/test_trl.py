"""TRL trains the same examples, in its own environment."""

import json
from pathlib import Path

import pytest
from tests.exports import environments

from sdp.errors import MissingExtra
from sdp.finetuning.backends import trl
from sdp.finetuning.backends.choose import check_backend
from sdp.recipes.schema import Recipe

SOURCE = Path(__file__).parents[3] / "src"
WORDS = ["--data", "spelling", "--steps", "6", "--device", "cpu", "--quiet", "--json", "-o", "eval_rows=16"]
EVERY = [word for name in ("eval", "save", "logging") for word in ("-o", f"training.{name}_steps=3")]


def test_without_trl_it_is_a_missing_extra(monkeypatch):
    monkeypatch.setattr(trl, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="TRL") as caught:
        check_backend(Recipe(backend="trl"))
    assert caught.value.hint == "pip install 'sdp[trl]'"


def finetune(model, *more):
    done = environments.run(
        "trl", "-m", "sdp", "finetune", "--backend", "trl", "--model", model, *WORDS, *EVERY, *more,
        cwd=Path.cwd(), PYTHONPATH=str(SOURCE),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("more", [[], ["-o", "training.packing=true"]])
def test_trl_trains(data, model_folder, more):
    result = finetune(model_folder, *more)
    assert result["backend"] == "trl"
    assert result["trained"]["steps"] == 6
    assert result["trained"]["eval_loss"] > 0
    run = Path(result["run"])
    kinds = [json.loads(line)["event"] for line in (run / "events.jsonl").read_text().splitlines()]
    assert {"train", "eval", "checkpoint", "trained"} <= set(kinds)
    assert (run / "adapter" / "adapter_model.safetensors").is_file()
    assert list((run / "checkpoints").glob("step-*/checkpoint.json"))
