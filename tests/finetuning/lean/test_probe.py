import pytest
import torch
from tests.finetuning.lean import shapes

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
