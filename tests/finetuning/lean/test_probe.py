import pytest
import torch
from tests.finetuning.lean import shapes
from transformers import Qwen2MoeConfig, Qwen2MoeForCausalLM

from sdp.finetuning.lean.probe import head_fits, why_not


@pytest.mark.parametrize("shape", shapes.LEAN)
def test_what_can_be_flat_is_found_to(shape: str) -> None:
    model = shapes.adapted(shape)
    assert why_not(model) is None
    assert model.training


@pytest.mark.parametrize("shape", shapes.LEAN)
def test_heads_that_are_scaled_or_capped_afterwards_do_not_give_the_loss(shape: str) -> None:
    assert head_fits(shapes.base(shape)) == (shape not in {"gemma2", "cohere"})


def test_attention_with_something_of_its_own_shows_in_the_logits() -> None:
    assert "change its logits" in str(why_not(shapes.base("gpt-oss")))


def test_a_model_without_the_interface_is_named() -> None:
    assert why_not(shapes.base("bloom")) == "attention of BloomForCausalLM does not go through AttentionInterface"


def test_a_model_that_fails_gives_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    model = shapes.base("llama")

    def fail(*args: object, **kwargs: object) -> None:
        raise KeyError("nothing like it")

    monkeypatch.setattr(model.model.layers[1], "forward", fail)
    assert why_not(model) == "KeyError: 'nothing like it'"


def test_asking_leaves_no_trace() -> None:
    model = shapes.adapted("gemma")
    torch.manual_seed(0)
    first = torch.rand(3)
    torch.manual_seed(0)
    why_not(model)
    head_fits(model)
    assert torch.equal(torch.rand(3), first)
    assert model.get_base_model().config._attn_implementation == "eager"


def test_a_window_that_only_the_models_mask_knows_counts_where_examples_are_longer() -> None:
    size = dict.fromkeys(("hidden_size", "intermediate_size", "moe_intermediate_size"), 16)
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "initializer_range": 0.3}
    experts = {"num_experts": 2, "num_experts_per_tok": 1, "shared_expert_intermediate_size": 16}
    window = {"use_sliding_window": True, "sliding_window": 16, "layer_types": ["sliding_attention"] * 2}
    config = Qwen2MoeConfig(**size, **heads, **experts, **window, vocab_size=97, num_hidden_layers=2)
    torch.manual_seed(0)
    model = Qwen2MoeForCausalLM(config).eval()
    assert why_not(model, longest=16) is None
    assert "change its logits" in str(why_not(model, longest=17))
    assert why_not(shapes.base("mistral"), longest=100) is None, "this one tells attention"


def test_a_model_that_gives_all_logits_whatever_is_asked_for_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    model = shapes.base("llama")
    forward = model.forward
    monkeypatch.setattr(model, "forward", lambda logits_to_keep=0, **inputs: forward(**inputs))
    assert why_not(model) == "it does not leave out logits"


@pytest.mark.parametrize("shape", shapes.LEAN)
def test_in_bfloat16_it_is_judged_as_bfloat16(shape: str) -> None:
    with torch.autocast("cpu", torch.bfloat16):
        assert why_not(shapes.adapted(shape)) is None
        assert head_fits(shapes.base(shape)) == (shape not in {"gemma2", "cohere"})
