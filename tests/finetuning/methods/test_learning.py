import pytest
import torch
from tests.models import build

from sdp.errors import InputError
from sdp.finetuning.methods.learning import learns_in_half, make_learning, weights_dtype
from sdp.recipes.schema import Lora, Recipe, Training


def recipe(method: str, **fields: object) -> Recipe:
    return Recipe(method=method, lora=Lora(r=2, dropout=0.0), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("method", "learning"), [("lora", "lora_"), ("dora", "lora_"), ("full", "")])
def test_what_learns_is_what_the_method_says(method: str, learning: str) -> None:
    model = make_learning(build.model(), recipe(method))
    names = {name for name, weights in model.named_parameters() if weights.requires_grad}
    assert names
    assert all(learning in name for name in names)
    assert (len(names) == len(list(model.parameters()))) == (method == "full")


def test_dora_learns_lengths_apart_and_changes_nothing_at_first() -> None:
    ids = torch.tensor([[5, 6, 7]])
    model = make_learning(build.model(), recipe("dora"))
    assert any("magnitude" in name for name, _ in model.named_parameters())
    torch.testing.assert_close(model(ids).logits, build.model()(ids).logits, rtol=1e-4, atol=1e-5)


def test_weights_that_learn_are_not_rounded_unless_that_is_wanted() -> None:
    assert weights_dtype(recipe("full")) == "float32"
    assert weights_dtype(recipe("full", dtype="bfloat16")) == "bfloat16"
    assert weights_dtype(recipe("lora")) == "auto"
    assert learns_in_half(make_learning(build.model().to(torch.bfloat16), recipe("full")))
    assert not learns_in_half(make_learning(build.model().to(torch.bfloat16), recipe("lora")))


def test_float16_weights_cannot_learn_where_gradients_are_scaled() -> None:
    """torch's gradient scaler would say so at the first step."""
    asked = {"training": Training(fp16=True), "dtype": "float16"}
    with pytest.raises(InputError, match="in float32"):
        make_learning(build.model().half(), recipe("full", **asked))
    assert make_learning(build.model().half(), recipe("lora", **asked)) is not None


@pytest.mark.parametrize("r", [4, 16])
def test_rslora_scales_by_the_root_of_the_rank(r: int) -> None:
    model = make_learning(build.model(), Recipe(lora=Lora(r=r, alpha=8, use_rslora=True)))
    scales = {module.scaling["default"] for module in model.modules() if hasattr(module, "lora_A")}
    assert scales == {8 / r**0.5}
