"""What a recipe asks of the device: said before anything is loaded, with what would run here."""

from sdp.errors import ResourceError
from sdp.finetuning.methods.quantized import quantization_of, require_bitsandbytes
from sdp.models.load import Device
from sdp.recipes.schema import Recipe

_EIGHT_BIT = {"adamw_8bit", "paged_adamw_8bit"}


def check_device(recipe: Recipe, device: Device) -> None:
    """Makes sure that a device can do what a recipe asks.

    Args:
        recipe: What to train.
        device: Where.

    Raises:
        ResourceError: It needs another kind of device.
        MissingExtra: It needs a package that is not installed.
    """
    settings = recipe.training
    if settings.optim in _EIGHT_BIT:
        if device != "cuda":
            raise _needs_cuda(f"training.optim={settings.optim}", device, "adamw_torch_fused runs everywhere")
        require_bitsandbytes(f"training.optim={settings.optim}")
    if settings.fp16 is True and device == "cpu":
        raise _needs_cuda("training.fp16", device, "leave it out: on a CPU, float32 is used")
    quantization_of(recipe, device)


def _needs_cuda(what: str, device: Device, instead: str) -> ResourceError:
    return ResourceError(f"{what} needs a CUDA device, and this run is on {device}", where="-o", hint=instead)
