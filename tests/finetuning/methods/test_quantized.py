"""QLoRA with the real bitsandbytes, in an environment of its own; it computes on a CPU, too."""

import json
from pathlib import Path

import pytest
from tests.exports import environments
from torch import nn

import sdp
from sdp.finetuning.methods import quantized
from sdp.finetuning.methods.quantized import keep_differentiable, quantization_of
from sdp.recipes.schema import Quantization, Recipe

SRC = str(Path(sdp.__file__).parents[1])


def test_other_methods_keep_their_weights() -> None:
    for method in ("lora", "dora", "full"):
        assert quantization_of(Recipe(method=method), "cpu") is None  # type: ignore[arg-type]


def test_keys_reach_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantized, "require_bitsandbytes", lambda what: None)
    settings = Quantization(bnb_4bit_quant_type="fp4", bnb_4bit_use_double_quant=False)
    config = quantization_of(Recipe(method="qlora", dtype="bfloat16", quantization=settings), "cpu")
    assert config is not None
    assert (config.load_in_4bit, config.bnb_4bit_quant_type, config.bnb_4bit_use_double_quant) == (True, "fp4", False)
    assert str(config.bnb_4bit_compute_dtype) == "torch.bfloat16"


def test_only_layers_that_pack_are_told_not_to() -> None:
    plain, packing = nn.Linear(2, 2), nn.Linear(2, 2)
    packing.support_avx512bf16_for_cpu = True  # type: ignore[assignment]
    keep_differentiable(nn.Sequential(plain, packing))  # type: ignore[arg-type]
    assert packing.support_avx512bf16_for_cpu is False
    assert not hasattr(plain, "support_avx512bf16_for_cpu")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["nf4", "fp4"])
def test_gradients_are_those_of_the_four_bit_weights(tmp_path: Path, kind: str) -> None:
    """Also after an evaluation, when bitsandbytes by itself packs weights and loses the gradient."""
    script = Path(__file__).with_name("qlora_gradients.py")
    done = environments.run("bitsandbytes", "-W", "ignore", script, kind, cwd=tmp_path, PYTHONPATH=SRC)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["n"] == 56
    assert max(found["gradients"]) < 1e-5
    assert 0.05 < found["lost"] < 0.2, "else nothing was quantised"


@pytest.mark.slow
def test_a_run_in_four_bits_learns_and_its_adapter_is_benched(tmp_path: Path) -> None:
    words = ["--words", "wordfreq:en:2000", "--n", "400", "--quiet"]
    commands: list[list[str]] = [
        ["generate", "spelling", *words],
        ["finetune", "--method", "qlora", "--steps", "16", "--device", "cpu", "--json", "--quiet",
         "-o", "training.logging_steps=2", "-o", "eval_rows=0", "-o", "training.warmup_steps=4"],
        ["bench", "--data", "spelling", "--limit", "20", "--device", "cpu", "--json", "--quiet"],
    ]  # fmt: skip
    outputs = []
    for command in commands:
        done = environments.run("bitsandbytes", "-m", "sdp", *command, cwd=tmp_path, PYTHONPATH=SRC)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    trained = json.loads(outputs[1])
    assert trained["method"] == "qlora"
    events = [json.loads(line) for line in (tmp_path / trained["run"] / "events.jsonl").read_text().splitlines()]
    losses = [event["loss"] for event in events if event["event"] == "train"]
    assert losses[-1] < 0.9 * losses[0], losses
    assert json.loads(outputs[2])["models"][0]["adapter"].endswith("adapter")
