"""The frozen weights of qlora in 4 bits (arXiv 2305.14314), by bitsandbytes."""

from importlib.util import find_spec

from transformers import BitsAndBytesConfig, PreTrainedModel

from sdp.errors import MissingExtra
from sdp.models.load import Device, pick_dtype
from sdp.recipes.schema import Recipe

_NEEDS = "bitsandbytes"
_PACKS = "support_avx512bf16_for_cpu"
"""Of `bitsandbytes.nn.Linear4bit`: whether it may pack its weight."""


def quantization_of(recipe: Recipe, device: Device) -> BitsAndBytesConfig | None:
    """Says how the model's weights are kept; None: as they are.

    Args:
        recipe: With the method qlora, in 4 bits.
        device: Decides in which type passes are computed, as `dtype` does for other methods.

    Raises:
        MissingExtra: bitsandbytes is not installed.
    """
    if recipe.method != "qlora":
        return None
    require_bitsandbytes("--method qlora")
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type=recipe.quantization.bnb_4bit_quant_type,
        bnb_4bit_use_double_quant=recipe.quantization.bnb_4bit_use_double_quant,
        bnb_4bit_compute_dtype=pick_dtype(recipe.dtype, device),
    )


def require_bitsandbytes(what: str) -> None:
    """Makes sure that bitsandbytes is there.

    Args:
        what: Needs it.

    Raises:
        MissingExtra: It is not installed.
    """
    if find_spec(_NEEDS) is None:
        raise MissingExtra(f"{what} needs {_NEEDS}", hint="pip install 'sdp[qlora]'")


def keep_differentiable(model: PreTrainedModel) -> None:
    """Keeps bitsandbytes from packing weights for a CPU's inference: what is packed gives wrong gradients afterwards.

    It packs at the first pass in evaluation mode, and never unpacks for training (0.50, CPUs with AVX512-BF16).

    Args:
        model: Loaded with `quantization_of`; others are not changed.
    """
    for module in model.modules():
        if hasattr(module, _PACKS):
            setattr(module, _PACKS, False)
