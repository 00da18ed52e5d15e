import pytest
import torch
from tests.finetuning.lean import shapes

from sdp.finetuning.lean.attention import NAME
from sdp.finetuning.lean.switch import base_of, flat


def test_inside_the_block_attention_is_ours_and_outside_it_is_not() -> None:
    model = shapes.adapted("llama")
    config = base_of(model).config
    with flat(model) as switched:
        assert config._attn_implementation == NAME
        assert switched.head is base_of(model).get_output_embeddings()
    assert config._attn_implementation == "eager"


def test_also_after_an_error() -> None:
    model = shapes.adapted("llama")
    with pytest.raises(RuntimeError, match="boom"), flat(model):
        raise RuntimeError("boom")
    assert base_of(model).config._attn_implementation == "eager"
    assert not any("forward" in vars(module) for module in model.modules())


def test_an_ordinary_call_inside_the_block_is_refused() -> None:
    model = shapes.adapted("llama")
    with flat(model), pytest.raises(ValueError, match="switched to flat batches"):
        model(input_ids=torch.zeros(1, 3, dtype=torch.long))


def test_what_is_saved_has_the_names_it_always_had() -> None:
    model = shapes.adapted("qwen3")
    names = list(model.state_dict())
    with flat(model):
        assert list(model.state_dict()) == names
