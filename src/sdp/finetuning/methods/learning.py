"""From a loaded model to one in which the right weights learn."""

import torch
from peft import PeftModel
from transformers import PreTrainedModel

from sdp.errors import InputError
from sdp.finetuning.lora import add_lora
from sdp.recipes.schema import Recipe


def make_learning(model: PreTrainedModel, recipe: Recipe) -> PeftModel | PreTrainedModel:
    """Puts a fresh adapter on a model, or, with the method full, lets all of it learn.

    Args:
        model: Loaded, and for qlora quantised. It is changed in place.
        recipe: Says how.

    Raises:
        InputError: No layer has a name given in `lora.target_modules`, or weights that learn are too coarse for fp16.
    """
    learning: PeftModel | PreTrainedModel
    if recipe.method == "full":
        learning = model.requires_grad_(requires_grad=True)
    else:
        learning = add_lora(model, recipe.lora, is_dora=recipe.method == "dora")
    if recipe.training.fp16 is True and learns_in_half(learning):
        raise InputError(
            "training.fp16 scales gradients, which needs weights that learn in float32",
            where="dtype",
            hint="-o dtype=float32: passes are computed in float16 all the same",
        )
    return learning


def weights_dtype(recipe: Recipe) -> str:
    """Says in which type the model is loaded.

    Weights that learn are float32 unless the recipe says otherwise: a bfloat16 has 8 bits, so a step of less than 1/256
    of a weight would be rounded away.
    """
    return "float32" if recipe.method == "full" and recipe.dtype == "auto" else recipe.dtype


def learns_in_half(model: torch.nn.Module) -> bool:
    """Tells whether weights that learn are kept in fewer than 32 bits."""
    return any(p.requires_grad and p.dtype in {torch.bfloat16, torch.float16} for p in model.parameters())
