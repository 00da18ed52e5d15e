import pytest
import torch
from tests.models import build

from sdp.errors import InputError
from sdp.finetuning.lora import add_lora, count_parameters
from sdp.recipes.schema import Lora


@pytest.mark.parametrize("shape", ["llama", "qwen2", "gpt2"])
def test_only_the_adapter_learns_and_at_first_it_changes_nothing(shape: str) -> None:
    ids = torch.tensor([[5, 6, 7]])
    before = build.model(shape)(ids).logits
    adapted = add_lora(build.model(shape), Lora(r=4, dropout=0.0))
    assert torch.equal(adapted(ids).logits, before)
    learning = [name for name, weights in adapted.named_parameters() if weights.requires_grad]
    assert learning
    assert all("lora_" in name for name in learning)
    counted = count_parameters(adapted)
    assert counted.n_trainable == sum(w.numel() for w in adapted.parameters() if w.requires_grad)
    assert counted.n_total == sum(w.numel() for w in adapted.parameters())
    assert counted.share == counted.n_trainable / counted.n_total


def test_all_linear_layers_but_the_head_are_adapted() -> None:
    adapted = add_lora(build.model(), Lora(r=4, dropout=0.0))
    linear = {n for n, m in build.model().named_modules() if isinstance(m, torch.nn.Linear) and n != "lm_head"}
    found = {
        name.removeprefix("base_model.model.") for name, module in adapted.named_modules() if hasattr(module, "lora_A")
    }
    assert found == linear


def test_an_adapter_of_a_bfloat16_model_is_float32() -> None:
    adapted = add_lora(build.model().to(torch.bfloat16), Lora(r=4))
    assert {w.dtype for w in adapted.parameters() if w.requires_grad} == {torch.float32}


def test_a_layer_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="nowhere") as caught:
        add_lora(build.model(), Lora(target_modules=["nowhere"]))
    assert "all-linear" in str(caught.value)
