import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from tests.models import build

from sdp.errors import InputError
from sdp.finetuning.lora import add_lora
from sdp.models.adapter import BASE_WEIGHTS, WEIGHTS, load_adapter, with_adapter
from sdp.models.identity import weights_identity
from sdp.models.resolve import NOTE
from sdp.recipes.schema import Lora

PROBE = torch.tensor([[4, 5, 6, 7]])


def adapter(folder: Path, *, learned: bool = True, shape: str = "llama", **lora: Any) -> PeftModel:
    adapted = add_lora(build.model(shape), Lora(dropout=0.0, **lora))
    if learned:
        with torch.no_grad():
            for name, weights in adapted.named_parameters():
                if weights.requires_grad and ("lora_B" in name or name.endswith("bias")):
                    weights.normal_(std=0.1, generator=torch.Generator().manual_seed(1))
    adapted.save_pretrained(folder)
    return adapted.eval()


def test_the_loaded_model_answers_as_the_trained_one(tmp_path: Path) -> None:
    trained = adapter(tmp_path)
    loaded = load_adapter(build.model(), tmp_path)
    torch.testing.assert_close(loaded(PROBE).logits, trained(PROBE).logits)
    with loaded.disable_adapter():
        torch.testing.assert_close(loaded(PROBE).logits, build.model()(PROBE).logits)


def test_an_untrained_adapter_may_change_nothing(tmp_path: Path) -> None:
    adapter(tmp_path, learned=False)
    loaded = load_adapter(build.model(), tmp_path)
    torch.testing.assert_close(loaded(PROBE).logits, build.model()(PROBE).logits)


def test_an_adapter_that_does_not_reach_the_model_is_refused(tmp_path: Path) -> None:
    adapter(tmp_path)
    renamed = {f"elsewhere.{name}": weights for name, weights in load_file(tmp_path / WEIGHTS).items()}
    save_file(renamed, tmp_path / WEIGHTS)
    with pytest.raises(InputError, match=r"changes nothing|does not fit"):
        load_adapter(build.model(), tmp_path)


def test_an_adapter_of_another_shape_is_refused(tmp_path: Path) -> None:
    adapter(tmp_path, shape="qwen2")
    with pytest.raises(InputError):
        load_adapter(build.model("gpt2"), tmp_path)
    with pytest.raises(InputError):
        load_adapter(build.model("llama"), tmp_path)


def test_a_folder_that_is_no_adapter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not an adapter"):
        load_adapter(build.model(), tmp_path)


def test_broken_weights_are_refused(tmp_path: Path) -> None:
    adapter(tmp_path)
    (tmp_path / WEIGHTS).write_bytes(b"not weights")
    with pytest.raises(InputError, match="cannot read"):
        load_adapter(build.model(), tmp_path)


@pytest.mark.parametrize("bias", ["none", "all", "lora_only"])
def test_a_model_is_as_it_was_when_its_adapter_is_gone(tmp_path: Path, bias: str) -> None:
    """peft writes trained biases over the model's own and leaves them there: the next one asked would be a mixture."""
    trained = adapter(tmp_path, shape="qwen2", bias=bias)
    model, before = build.model("qwen2"), build.model("qwen2")(PROBE).logits
    with with_adapter(model, tmp_path) as adapted:
        torch.testing.assert_close(adapted(PROBE).logits, trained(PROBE).logits)
        assert not torch.equal(adapted(PROBE).logits, before)
    assert torch.equal(model(PROBE).logits, before)


def test_an_adapter_of_another_base_of_equal_shape_is_refused(tmp_path: Path) -> None:
    build.model(seed=0).save_pretrained(tmp_path / "own")
    build.model(seed=1).save_pretrained(tmp_path / "other")
    adapter(tmp_path / "adapter")
    load_adapter(build.model(), tmp_path / "adapter", tmp_path / "other")  # it does not know its base
    note = {BASE_WEIGHTS: weights_identity(tmp_path / "own"), "model": "mine"}
    (tmp_path / "adapter" / NOTE).write_text(json.dumps(note))
    load_adapter(build.model(), tmp_path / "adapter", tmp_path / "own")
    with pytest.raises(InputError, match="other weights") as caught:
        load_adapter(build.model(seed=1), tmp_path / "adapter", tmp_path / "other")
    assert "mine" in str(caught.value)
