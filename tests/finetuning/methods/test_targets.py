import pytest
from tests.models import build

from sdp.errors import InputError
from sdp.finetuning.lora import add_lora
from sdp.finetuning.methods.targets import layer_names, pick_targets
from sdp.recipes.schema import Lora


def adapted_layers(shape: str, wanted: str | list[str]) -> set[str]:
    model = add_lora(build.model(shape), Lora(r=2, target_modules=wanted))
    return {path.rpartition(".")[2] for path, module in model.named_modules() if hasattr(module, "lora_A")}


@pytest.mark.parametrize(
    ("shape", "wanted", "layers"),
    [
        ("llama", "auto", {"q_proj", "v_proj"}),
        ("qwen2", "auto", {"q_proj", "v_proj"}),
        ("gpt2", "auto", {"c_attn"}),
        ("llama", "q_proj", {"q_proj"}),
        ("llama", ["q_proj", "down_proj"], {"q_proj", "down_proj"}),
        ("llama", "q_proj,down_proj", {"q_proj", "down_proj"}),
        ("llama", r".*\.0\.mlp\..*_proj", {"gate_proj", "up_proj", "down_proj"}),
        ("gpt2", "all-linear", {"c_attn", "c_proj", "c_fc"}),
    ],
)
def test_layers_are_those_that_were_meant(shape: str, wanted: str | list[str], layers: set[str]) -> None:
    assert adapted_layers(shape, wanted) == layers


def test_an_unknown_architecture_gets_all_linear_layers() -> None:
    model = build.model()
    model.config.model_type = "never-heard-of"
    assert pick_targets(model, "auto") == "all-linear"


def test_one_wrong_name_among_right_ones_is_refused_with_near_names() -> None:
    """peft passes over it in silence, and trains less than was asked for."""
    with pytest.raises(InputError, match="no layer 'q_porj'") as caught:
        pick_targets(build.model(), ["v_proj", "q_porj"])
    assert "did you mean 'q_proj'?" in str(caught.value)
    assert "all-linear" in str(caught.value)


def test_a_part_that_is_no_layer_is_refused_too() -> None:
    with pytest.raises(InputError, match="no layer 'mlp' that can have an adapter"):
        pick_targets(build.model(), "mlp")


@pytest.mark.parametrize(("expression", "message"), [("(", "not a regular expression"), (r"h\..*\.foo", "no layer's")])
def test_expressions_are_checked(expression: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        pick_targets(build.model(), expression)


def test_names_are_those_of_layers_with_weights() -> None:
    assert {"q_proj", "embed_tokens", "lm_head"} <= set(layer_names(build.model()))
    assert "act_fn" not in layer_names(build.model())
